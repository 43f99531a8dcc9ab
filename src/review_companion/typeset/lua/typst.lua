-- Floats, tables, callouts and images in Typst; the functions called are those of template.typ.

local collect = require 'collect'
local common = require 'common'
local tables = require 'tables'

local typst = {}
local raw, join = common.raw, common.join
local LANDSCAPE_MARK = '// landscape'
local HIGH_CELL = 2000
local LANDSCAPE_END = '] // end of landscape'
local PORTRAIT_CHARACTERS, LANDSCAPE_CHARACTERS = 96, 150

function typst.image(image)
  local alt = common.typst_string(image.attributes.alt or '')
  local path = common.typst_string('outputs/' .. image.src)
  return common.raw_inline('#picture(' .. path .. ', ' .. alt .. ')')
end

-- Headings within an output are headings to a reader, but no entry of the contents.
function typst.header(header)
  if not header.classes:includes 'unlisted' then return nil end
  return join('#heading(level: ' .. header.level .. ', outlined: false)[',
    { pandoc.Plain(header.content) }, '] <' .. header.identifier .. '>')
end

local function anchor(cell, id)
  if id == '' then return end
  local mark = common.raw_inline('#metadata(none)<' .. id .. '>')
  local first = cell.contents[1]
  if first and (first.t == 'Plain' or first.t == 'Para') then
    first.content:insert(1, mark)
    cell.contents[1] = first
  else
    cell.contents:insert(1, pandoc.Plain { mark })
  end
end

local function keep_anchors(rows)
  for _, row in ipairs(rows) do
    for number, cell in ipairs(row.cells) do
      anchor(cell, cell.identifier)
      if number == 1 then anchor(cell, row.identifier) end
    end
  end
end

local function set_widths(tbl)
  for _, spec in ipairs(tbl.colspecs) do
    if spec[2] then return end
  end
  local landscape = tbl.classes:includes 'landscape'
  local shares = tables.shares(tbl, landscape and LANDSCAPE_CHARACTERS or PORTRAIT_CHARACTERS)
  if not shares then return end
  for number, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[number] = { spec[1], shares[number] }
  end
end

-- A row stays on one page, unless it may be higher than one.
local function has_high_row(tbl)
  local found = false
  for _, body in ipairs(tbl.bodies) do
    tables.each_cell(body.body, function(cell)
      local text = pandoc.utils.stringify(cell.contents)
      found = found or #text * math.sqrt(#tbl.colspecs) > HIGH_CELL
    end)
  end
  return found
end

function typst.table(tbl)
  set_widths(tbl)
  local high = has_high_row(tbl)
  keep_anchors(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do keep_anchors(body.body) end
  tbl.classes:insert 'typst:no-figure'
  local id, caption = tbl.identifier, tbl.caption.long
  tbl.identifier, tbl.caption = '', { long = {} }
  local found = pandoc.Blocks {}
  if id ~= '' then found:insert(raw('#metadata(none) <' .. id .. '>')) end
  if #caption > 0 then found:extend(join('#block(sticky: true)[', caption, ']')) end
  if high then found:insert(raw '#{ set table.cell(breakable: true); [') end
  found:insert(tbl)
  if high then found:insert(raw ']}') end
  if not tbl.classes:includes 'landscape' then return found end
  if tbl.classes:includes 'in-float' then return join(LANDSCAPE_MARK, found) end
  return join('#landscape[', found, LANDSCAPE_END)
end

local function has_landscape(div)
  local found = false
  div:walk { RawBlock = function(block) found = found or block.text == LANDSCAPE_MARK end }
  return found
end

function typst.float(div)
  local landscape = has_landscape(div)
  local caption = div.content:remove(1).content
  local name = div.classes:includes 'float-tbl' and 'table-float' or 'figure-float'
  local target = div.identifier ~= '' and '<' .. div.identifier .. '>' or 'none'
  local found = join('#' .. name .. '([', caption, '], [', div.content, '], ' .. target .. ')')
  return landscape and join('#landscape[', found, LANDSCAPE_END) or found
end

local function opens_landscape(block)
  return block and block.t == 'RawBlock' and block.text == '#landscape['
end

-- Text alone, and little of it: what fits under a table. Marks of other formats are not set.
local LITTLE = 600
local function is_text(block)
  if block.t == 'RawBlock' then return block.format ~= 'typst' end
  if block.t == 'Div' then
    for _, inner in ipairs(block.content) do
      if not is_text(inner) then return false end
    end
    return true
  end
  return block.t == 'Para' or block.t == 'Plain' or (block.t == 'Header' and block.level > 1)
end

-- The last block of a short text which a landscape page would leave on a page of its own, or nil.
local function short_end(blocks, from)
  local last = from - 1
  while blocks[last + 1] and is_text(blocks[last + 1]) do last = last + 1 end
  local next = blocks[last + 1]
  if next and next.t == 'RawBlock' and next.text:match '<part>$' then next = blocks[last + 2] end
  local breaks = not next or opens_landscape(next) or (next.t == 'Header' and next.level == 1)
  local part = pandoc.Blocks {}
  for at = from, last do part:insert(blocks[at]) end
  local length = utf8.len(pandoc.utils.stringify(part))
  return breaks and length > 0 and length <= LITTLE and last or nil
end

-- A heading that does not begin a page as those of other chapters do.
local function headed(blocks, at, kind)
  blocks:insert(at + 1, raw ']')
  blocks:insert(at, raw('#[#set heading(supplement: [' .. kind .. '])'))
end

-- A chapter of a few lines shares its page with the next one.
local function join_short_chapters(blocks)
  for at = #blocks, 2, -1 do
    local before = at - 1
    while before > 0 and is_text(blocks[before]) do before = before - 1 end
    local opening, block = blocks[before], blocks[at]
    if
      block.t == 'Header' and block.level == 1 and opening
      and opening.t == 'Header' and opening.level == 1
      and short_end(blocks, before + 1) == at - 1
    then
      headed(blocks, at, 'joined')
    end
  end
  return blocks
end

local function contents()
  local count = 0
  for _, entry in ipairs(collect.entries) do
    if not common.elsewhere(entry.volume) and entry.level <= common.toc_depth then count = count + 1 end
  end
  return raw('#contents(facts, ' .. count .. ')')
end

-- The first chapter of the report begins under the title; the contents follow it, or the title
-- where there is no second chapter.
local function open_book(blocks)
  local numbered, first, place = 0, nil, 1
  for at, block in ipairs(blocks) do
    if block.t == 'Header' and block.level == 1 then
      first = first or at
      if not block.classes:includes 'unnumbered' then numbered = numbered + 1 end
      if numbered == 2 then
        local before = blocks[at - 1]
        local part = before and before.t == 'RawBlock' and before.text:match '<part>$'
        if not opens_landscape(blocks[at + 1]) then headed(blocks, at, 'joined') end
        place = part and at - 1 or at
        break
      end
    end
  end
  blocks:insert(place, contents())
  if place == 1 then first = first and first + 1 end
  if first then
    headed(blocks, first, blocks[first].classes:includes 'unnumbered' and 'preface' or 'joined')
  end
  return blocks
end

-- A heading, with a paragraph under it or none, goes onto the landscape page that follows; a short
-- text between a landscape page and the next new page goes onto the one before.
function typst.arrange(blocks)
  for at, block in ipairs(blocks) do
    local last = blocks[at + 1] and blocks[at + 1].t == 'Para' and at + 1 or at
    if block.t == 'Header' and opens_landscape(blocks[last + 1]) then
      blocks:insert(at, blocks:remove(last + 1))
    end
  end
  local open
  for at, block in ipairs(blocks) do
    if opens_landscape(block) then open = at end
    if open and block.t == 'RawBlock' and block.text == LANDSCAPE_END then
      local last = short_end(blocks, at + 1)
      if last then blocks:insert(last, blocks:remove(at)) end
      open = nil
    end
  end
  blocks = join_short_chapters(blocks)
  return common.volume == '' and open_book(blocks) or join({ contents() }, blocks)
end

function typst.callout(div)
  local kind = div.classes[2]:gsub('^callout%-', '')
  local title = div.content:remove(1).content
  return join('#callout("' .. kind .. '", [', title, '], [', div.content, '])')
end

-- `[ambiguous]{.verdict .ambiguous}`: the second class is the verdict.
function typst.verdict(span)
  local open = '#verdict(' .. common.typst_string(span.classes[2] or '') .. ')['
  return pandoc.Inlines { common.raw_inline(open) } .. span.content .. { common.raw_inline ']' }
end

function typst.tab(div)
  local title = div.content:remove(1).content
  local found = join('#tab-title[', title, ']', div.content)
  if div.identifier ~= '' then found:insert(1, raw('#metadata(none) <' .. div.identifier .. '>')) end
  return found
end

function typst.finding(div)
  return join(div.classes:includes 'matter' and '#matter[' or '#block(breakable: false)[', div.content, ']')
end

function typst.definitions(list)
  local found = pandoc.Blocks {}
  for _, item in ipairs(list.content) do
    found:extend(join('#described([', { pandoc.Plain(item[1]) }, '], ['))
    for _, said in ipairs(item[2]) do found:extend(said) end
    found:insert(raw '])')
  end
  return found
end

-- Facts have columns of a set width, the names as much as they need: others would be laid out to be
-- measured.
local FACT_CHARACTERS = 56
local function set_facts(tbl)
  local share = math.min((tables.measure(tbl)[1].cell + 2) / FACT_CHARACTERS, 0.5)
  tbl.colspecs = { { pandoc.AlignDefault, share }, { pandoc.AlignDefault, 1 - share } }
  return tbl
end

-- The text about one thing, next to its facts.
function typst.dossier(div)
  local said = div.content:remove(1).content
  return join('#dossier([', said, '], [', div.content:walk { Table = set_facts }, '])')
end

function typst.notes(div) return join('#notes[', div.content, ']') end

return typst
