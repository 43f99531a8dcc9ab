-- Third pass: references become links, floats and callouts take the form of the format.

local common = require 'common'
local collect = require 'collect'
local traced = require 'traced'
local tables = require 'tables'
local own_tables = require 'own_tables'
local blocks = common.html and require 'html' or require 'typst'

local CROSS = { fig = true, tbl = true, sec = true }
local UNSUPPORTED = { eq = true, lst = true, thm = true }

local function reference(citation)
  local place = collect.cite_places[citation.id]
  local target = collect.refs[citation.id]
  if not target then
    common.refuse('the reference @' .. citation.id .. ' leads nowhere', place, '@' .. citation.id)
    return {}
  end
  local text = pandoc.Inlines(target.number)
  if target.number == '' then
    text = target.title
  elseif citation.mode ~= 'SuppressAuthor' then
    text = pandoc.Inlines { pandoc.Str(target.word .. '\u{a0}' .. target.number) }
  end
  local address = common.address(citation.id, collect.volumes[citation.id])
  local link = pandoc.Link(text, address, '', { class = 'crossref' })
  if common.typst and address:sub(1, 1) ~= '#' then link = pandoc.Span(text) end
  local prefix = #citation.prefix > 0 and citation.prefix .. { pandoc.Space() } or {}
  return pandoc.Inlines(prefix) .. { link } .. citation.suffix
end

local function on_cite(cite)
  local found, others = pandoc.Inlines {}, pandoc.List {}
  for _, citation in ipairs(cite.citations) do
    local kind = citation.id:match '^(%a+)%-'
    if CROSS[kind] then
      if #found > 0 then found:extend { pandoc.Str ',', pandoc.Space() } end
      found:extend(reference(citation))
    elseif UNSUPPORTED[kind] then
      common.fail("references of kind '@" .. kind .. "-' are not supported",
        collect.cite_places[citation.id])
    else
      others:insert(citation)
    end
  end
  if #found == 0 then return nil end
  if #others > 0 then
    common.fail('a citation and a cross reference are in one bracket',
      collect.cite_places[others[1].id])
  end
  return found
end

local function exists(id) return collect.ids[id] end

local function volume_of(id) return collect.volumes[id] end

local function address(id) return common.address(id, volume_of(id)) end

-- The address of a trace's entry, if there is one.
local function entry(name)
  local id = common.trace_id(name)
  return exists(id) and address(id)
end

-- A link into another volume: to its file in the page, plain text on paper.
local function on_link(link)
  local id = link.target:match '^#(.+)$'
  if not id or not common.elsewhere(volume_of(id)) then return nil end
  if common.typst then return link.content end
  link.target = common.address(id, volume_of(id))
  return link
end

return { arrange = blocks.arrange, filter = {
  Cite = on_cite,
  CodeBlock = function(block)
    if block.classes:includes(common.VERBATIM) then return common.raw(common.read(block.text)) end
    if own_tables.is(block) then return blocks.own_table(block, entry, address) end
    block.attributes.tabindex = common.html and '0' or nil
    return block
  end,
  Span = function(span)
    local target = common.typst and span.identifier ~= '' and #span.content == 0
    if target then return common.raw_inline('#metadata(none)<' .. span.identifier .. '>') end
    local bare = span.identifier == '' and #span.classes == 0 and #span.attributes == 0
    if bare then return span.content end
    if span.classes:includes 'verdict' then return blocks.verdict(span) end
    return traced(span, exists, volume_of)
  end,
  Link = on_link,
  Image = blocks.image,
  Header = blocks.header,
  Table = function(tbl) return blocks.table(tables.prepare(tbl)) end,
  DefinitionList = function(list) return blocks.definitions(list) end,
  Div = function(div)
    if div.classes:includes 'float' then return blocks.float(div) end
    if div.classes:includes 'callout' then return blocks.callout(div) end
    if div.classes:includes 'tab' then return blocks.tab(div) end
    if div.classes:includes 'finding' then return blocks.finding(div) end
    if div.classes:includes 'dossier' then return blocks.dossier(div) end
    if div.classes:includes 'table-notes' then return blocks.notes(div) end
  end,
} }
