-- Second pass, in reading order: numbers, identifiers, the entries of the contents.

local common = require 'common'
local allowed = require 'allowed'
local formulas = require 'math_text'
local tables = require 'tables'
local own_tables = require 'own_tables'

local collect = { entries = {}, ids = {}, volumes = {}, refs = {}, cite_places = {}, link_places = {}, keys = {} }

local chapter = { floats = {} }
local counters = { chapter = 0, appendix = 0, fig = 0, tbl = 0 }

local REFUSED_CLASSES = { '^column%-', '^panel%-[^t]', '^layout', '^aside$' }
local CALLOUTS = { note = true, tip = true, warning = true, important = true, caution = true }

local function register(id)
  if id == '' then return end
  if collect.ids[id] then common.refuse("the identifier '" .. id .. "' is used twice") end
  collect.ids[id] = true
  collect.volumes[id] = chapter.volume
end

local function note_target(id)
  collect.link_places[id] = collect.link_places[id] or common.place
end

local function begin_chapter(text)
  local data = pandoc.json.decode(text)
  common.place = data.source
  chapter = { source = data.source, part = data.part, appendix = data.appendix, volume = data.volume, level = 0, last = 0,
              floats = { fig = 0, tbl = 0 }, sections = {} }
  chapter.id = common.slug(data.source:match '([^/]+)%.%w+$' or data.source)
end

local function volume_mark()
  return pandoc.RawBlock('companion-volume', chapter.volume)
end

-- The blocks of the volume that is written.
function collect.of_volume(blocks)
  local found, elsewhere = pandoc.Blocks {}, false
  for _, block in ipairs(blocks) do
    if block.t == 'RawBlock' and block.format == 'companion-volume' then
      elsewhere = common.elsewhere(block.text)
    elseif not elsewhere then
      found:insert(block)
    end
  end
  return found
end

local function chapter_number(unnumbered)
  if unnumbered then return '' end
  local kind = chapter.appendix and 'appendix' or 'chapter'
  counters[kind] = counters[kind] + 1
  local count = counters[kind]
  return chapter.appendix and string.char(64 + count) or tostring(count)
end

local function section_number(level)
  if chapter.number == '' then return '' end
  for deeper = level + 1, 6 do chapter.sections[deeper] = 0 end
  chapter.sections[level] = (chapter.sections[level] or 0) + 1
  local parts = { chapter.number }
  for step = 2, level do table.insert(parts, tostring(chapter.sections[step] or 0)) end
  return table.concat(parts, '.')
end

local function number_of(header, unnumbered)
  if header.level > 1 then return unnumbered and '' or section_number(header.level) end
  if chapter.number then common.fail 'a chapter has one heading of the first level' end
  chapter.number = chapter_number(unnumbered)
  if header.identifier ~= '' then chapter.id = header.identifier:gsub('^sec%-', '') end
  return chapter.number
end

local function add_section(header, number, title)
  local word = common.words.sec
  if header.level == 1 then
    word = chapter.appendix and common.words.appendix or common.words.chapter
  end
  local shown = common.number_sections and number or ''
  collect.refs[header.identifier] = { word = word, number = shown, title = title }
  if not header.classes:includes 'unlisted' then
    table.insert(collect.entries, {
      level = header.level, id = header.identifier, title = title, number = shown,
      volume = chapter.volume,
      part = header.level == 1 and chapter.part or '',
      appendix = header.level == 1 and chapter.appendix })
  end
  return shown
end

-- Where a part of the book begins (or ends), a mark for Typst's contents.
local function part_mark(header)
  local part = chapter.part
  if part == '' and chapter.appendix then part = common.words.appendix end
  if header.level > 1 or part == (collect.part or '') then return {} end
  collect.part = part
  if not common.typst then return {} end
  return { common.raw('#metadata(' .. common.typst_string(part) .. ') <part>') }
end

-- Braces that pandoc does not read would be shown.
local function refuse_braces(word)
  local braces = word.text:match '{[#.][^}]*}'
  if braces then common.refuse("a heading shows '" .. braces .. "': write {#sec-name .class}", nil, '#') end
end

local function on_header(header)
  allowed.require(header)
  header.content:walk { Str = refuse_braces }
  if header.attributes.rank then
    header.level = math.min(chapter.level + tonumber(header.attributes.rank), chapter.last + 1, 6)
    header.attributes.rank = nil
  elseif header.level > chapter.last + 1 then
    common.refuse('the heading “' .. pandoc.utils.stringify(header) .. '” skips a level', nil, '#')
  else
    chapter.level = header.level
  end
  chapter.last = header.level
  local number = number_of(header, header.classes:includes 'unnumbered')
  local title = header.content
  if header.identifier == '' then
    local slug = common.slug(pandoc.utils.stringify(title))
    header.identifier = header.level == 1 and chapter.id or chapter.id .. '-' .. slug
    local base, count = header.identifier, 1
    while collect.ids[header.identifier] do
      count = count + 1
      header.identifier = base .. '-' .. count
    end
  end
  register(header.identifier)
  local shown = add_section(header, number, title:clone())
  if shown ~= '' then
    local mark = common.html and pandoc.Span(shown, { class = 'number' }) or pandoc.Str(shown)
    header.content:insert(1, mark)
    header.content:insert(2, pandoc.Str(common.html and ' ' or '\u{2002}'))
  end
  return common.join(part_mark(header), { header })
end

local function float_number(kind)
  local prefix = common.number_sections and chapter.number or ''
  local counter = (prefix or '') ~= '' and chapter.floats or counters
  counter[kind] = counter[kind] + 1
  return counter == counters and tostring(counter[kind]) or prefix .. '.' .. counter[kind]
end

local function take_caption(div)
  local blocks = div.content:filter(function(b) return b.t ~= 'RawBlock' end)
  local last = blocks[#blocks]
  if not last or (last.t ~= 'Para' and last.t ~= 'Plain') then
    common.fail("'" .. div.identifier .. "' ends without a caption")
  end
  div.content = blocks
  div.content:remove()
  local inlines = last.content
  if inlines[1].t == 'Span' and inlines[1].classes:includes 'float-caption' then
    inlines:remove(1)
  end
  return inlines
end

-- Tables within learn what the cell says of them: widths, classes, that they stand in a float.
local function dress_tables(div, in_float)
  local widths = {}
  for share in (div.attributes.widths or ''):gmatch '%S+' do table.insert(widths, tonumber(share)) end
  div.attributes.widths = nil
  local landscape = div.classes:includes 'landscape'
  div.classes = div.classes:filter(function(c) return c ~= 'landscape' end)
  local function place(element)
    if landscape then element.classes:insert 'landscape' end
    if in_float then element.classes:insert 'in-float' end
    return element
  end
  local function place_own(block) return own_tables.is(block) and place(block) or nil end
  return div:walk { CodeBlock = place_own, Table = function(tbl)
    if #widths > 0 and #widths ~= #tbl.colspecs then
      common.fail("'tbl-colwidths' and the table differ in the number of columns")
    end
    for number, share in ipairs(widths) do
      tbl.colspecs[number] = { tbl.colspecs[number][1], share }
    end
    return place(tbl)
  end }
end

-- A caption without a label `fig-` or `tbl-` has no number, as in Quarto.
local function on_captioned(div, kind)
  local inlines = take_caption(div)
  div.content:insert(1, pandoc.Div(pandoc.Plain(inlines), { class = 'caption' }))
  div.classes = div.classes:filter(function(c) return not c:match '^captioned%-' end)
  div.classes:extend { 'float', 'float-' .. kind }
  return dress_tables(div, true)
end

-- A float becomes: its caption in a Div of class "caption", then its body.
local function on_float(div, kind)
  local inlines = take_caption(div)
  local number = float_number(kind)
  local label = common.words[kind] .. '\u{a0}' .. number
  collect.refs[div.identifier] = { word = common.words[kind], number = number, title = inlines }
  local mark = pandoc.Span(pandoc.Str(label .. '.'), { class = 'float-label' })
  if common.typst then mark = pandoc.Strong(pandoc.Str(label .. '.')) end
  local caption = pandoc.Inlines { mark, pandoc.Space() } .. inlines
  div.content:insert(1, pandoc.Div(pandoc.Plain(caption), { class = 'caption' }))
  div.classes:extend { 'float', 'float-' .. kind }
  return dress_tables(div, true)
end

local function take_title(div, kind)
  local first = div.content[1]
  if (div.attributes.title or '') ~= '' then
    local title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, 'markdown').blocks)
    div.attributes.title = nil
    return title
  elseif first and first.t == 'Header' then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines(common.words[kind])
end

local function on_callout(div, kind)
  if not CALLOUTS[kind] then common.fail("the callout '" .. kind .. "' is not supported") end
  div.content = div.content:filter(function(b) return b.t ~= 'RawBlock' end)
  local title = take_title(div, kind)
  div.content:insert(1, pandoc.Div(pandoc.Plain(title), { class = 'callout-title' }))
  div.classes:insert(1, 'callout')
  return div
end

local function on_tabset(div)
  local tabs, level = pandoc.Blocks {}, nil
  for _, block in ipairs(div.content) do
    if block.t == 'Header' and (not level or block.level == level) then
      level = block.level
      local title = pandoc.Div(pandoc.Plain(block.content), { class = 'tab-title' })
      tabs:insert(pandoc.Div({ title }, pandoc.Attr(block.identifier, { 'tab' })))
    elseif level then
      tabs[#tabs].content:insert(block)
    elseif block.t ~= 'RawBlock' then
      common.fail 'a tabset begins with a heading'
    end
  end
  div.content = tabs
  return div
end

local function refuse_unsupported(div)
  for _, class in ipairs(div.classes) do
    for _, pattern in ipairs(REFUSED_CLASSES) do
      if class:match(pattern) then common.fail("blocks of class '" .. class .. "' are not supported") end
    end
  end
  for name in pairs(div.attributes) do
    if name:match '^layout' then common.fail("the attribute '" .. name .. "' is not supported") end
  end
end

-- What a format leaves out is counted all the same: a table has one number in page and PDF.
local function count_floats(div)
  div:walk { Div = function(inner)
    local kind = inner.identifier:match '^(%a+)%-'
    if kind == 'fig' or kind == 'tbl' then float_number(kind) end
  end }
end

local function on_div(div)
  refuse_unsupported(div)
  allowed.require(div)
  local shown = common.shows(div)
  if shown ~= nil then
    if shown then return pandoc.Div(div.content) end
    count_floats(div)
    return {}
  end
  register(div.identifier)
  if div.identifier == 'refs' then collect.has_references = true end
  local callout = nil
  for _, class in ipairs(div.classes) do 
    if class ~= 'callout-title' then callout = callout or class:match '^callout%-(%w+)$' end
  end
  local kind = div.identifier:match '^(%a+)%-'
  if callout then return on_callout(div, callout) end
  if div.classes:includes 'panel-tabset' then return on_tabset(div) end
  if kind == 'fig' or kind == 'tbl' then return on_float(div, kind) end
  for _, name in ipairs { 'fig', 'tbl' } do
    if div.classes:includes('captioned-' .. name) then return on_captioned(div, name) end
  end
  if div.classes:includes 'cell' then return dress_tables(div, false) end
end

local PORTRAIT, LANDSCAPE = 110, 190

-- A table whose words do not fit side by side goes onto a landscape page, or is refused.
local function fit(tbl)
  if not common.typst or common.elsewhere(chapter.volume) then return end
  local least = tables.least(tbl)
  if least > LANDSCAPE then
    common.fail('a table of ' .. #tbl.colspecs .. ' columns does not fit a page of the PDF: leave'
      .. ' columns out, or show it on the page alone: ::: {.content-visible when-format="html"}')
  elseif least > PORTRAIT and not tbl.classes:includes 'contained' then
    tbl.classes:insert 'landscape'
  end
end

-- A Markdown table with `{#tbl-x}` in its caption is the same float as a Div around it.
local function on_table(tbl)
  allowed.require(tbl)
  fit(tbl)
  local id = tbl.identifier
  if common.starts_with(id, 'tbl-') and not collect.ids[id] then
    register(id)
    local caption = tbl.caption.long[1]
    local inlines = caption and caption.content or common.fail("'" .. id .. "' has no caption")
    tbl.identifier, tbl.caption = '', { long = {} }
    return on_float(pandoc.Div({ tbl, pandoc.Plain(inlines) }, pandoc.Attr(id)), 'tbl')
  end
  register(id)
  for _, rows in ipairs { tbl.head.rows, tbl.bodies[1] and tbl.bodies[1].body or {} } do
    for _, row in ipairs(rows) do
      register(row.identifier)
      for _, cell in ipairs(row.cells) do register(cell.identifier) end
    end
  end
end

local CROSS = { fig = true, tbl = true, sec = true, eq = true, lst = true, thm = true }

local function on_cite(cite)
  for _, citation in ipairs(cite.citations) do
    local id = citation.id
    collect.cite_places[id] = collect.cite_places[id] or common.place
    if not CROSS[id:match '^(%a+)%-' or ''] then collect.cites = true end
  end
end

function collect.references_chapter()
  begin_chapter ('{"source": "references.md", "part": "", "appendix": false, "volume": "'
    .. common.volume .. '"}')
  local header = pandoc.Header(1, pandoc.Inlines(common.words.references),
    { id = 'references', class = 'unnumbered' })
  return common.join({ volume_mark() }, on_header(header), { pandoc.Div({}, { id = 'refs' }) })
end

-- What the PDF shows of the traces is set by the template, out of data.
local function trace_lists(name)
  for _, list in ipairs(pandoc.json.decode(common.read(name), false)) do
    for _, row in ipairs(list.rows) do register(row[1]) end
  end
  return common.raw('#trace-lists(json(' .. common.typst_string('outputs/' .. name) .. '))')
end

-- A citation names a reference of the bibliography, or the report is not made.
function collect.check_citations(doc)
  if not collect.cites and not common.tried then return end
  local unknown = pandoc.List {}
  for _, reference in ipairs(pandoc.utils.references(doc)) do collect.keys[reference.id] = true end
  for id in pairs(collect.cite_places) do
    if not collect.keys[id] and not CROSS[id:match '^(%a+)%-' or ''] then unknown:insert(id) end
  end
  unknown:sort()
  for _, id in ipairs(unknown) do
    common.refuse("no reference has the key '" .. id .. "'", collect.cite_places[id], id)
  end
end

-- What a text may refer to: sections, tables and figures by their labels, references by their keys.
function collect.known()
  local found = pandoc.List {}
  for id in pairs(collect.ids) do
    if CROSS[id:match '^(%a+)%-' or ''] then found:insert(id) end
  end
  for key in pairs(collect.keys) do found:insert(key) end
  found:sort()
  return found
end

-- A link within the report leads somewhere, or the report is not made.
function collect.check_links()
  local dead = pandoc.List {}
  for id in pairs(collect.link_places) do
    if not collect.ids[id] then dead:insert(id) end
  end
  dead:sort()
  for _, id in ipairs(dead) do
    common.refuse("the link to '#" .. id .. "' leads nowhere", collect.link_places[id], '#' .. id)
  end
end

collect.filter = {
  traverse = 'topdown',
  RawBlock = function(block)
    if block.format == 'companion-chapter' then
      begin_chapter(block.text)
      return volume_mark()
    elseif block.format == 'companion-lists' then
      return trace_lists(block.text)
    else
      common.place = block.text
    end
    return {}
  end,
  Header = on_header,
  Div = on_div,
  Table = on_table,
  Cite = on_cite,
  CodeBlock = function(block)
    allowed.require(block)
    if block.classes:includes(common.VERBATIM) then
      for id in common.read(block.text):gmatch ' id="([%w_-]+)"' do register(id) end
      return nil
    end
    common.note_missing(block)
    if own_tables.is(block) then
      for id in own_tables.targets(block) do note_target(id) end
    end
  end,
  Code = function(code)
    allowed.require(code)
    common.note_missing(code)
  end,
  Math = function(formula) return formulas.inline(formula) end,
  Span = function(span)
    allowed.require(span)
    register(span.identifier)
  end,
  Link = function(link)
    allowed.require(link)
    allowed.require_address(link.target)
    register(link.identifier)
    local id = link.target:match '^#(.+)$'
    if id then note_target(id) end
  end,
  Image = function(image)
    if not image.classes:includes 'output' then
      common.fail("the image '" .. image.src .. "' in prose is not supported: write it in a line of its own")
    end
  end,
  RawInline = function(raw)
    if raw.format == 'html' and raw.text:match '^<!%-%-' then return {} end
    common.fail('raw ' .. raw.format .. ' is not supported: ' .. raw.text:sub(1, 40))
  end,
}

return collect
