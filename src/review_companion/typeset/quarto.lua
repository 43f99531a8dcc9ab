-- For Quarto, which numbers and resolves by itself. In the site, traced numbers lead to the page of
-- the audit appendix (`companion: audit:` names it) and the rows of a table to the page about them
-- (`companion: rows:`), links to sections to their chapters, and the scripts of `companion: style:` open cards there; in the PDF both are
-- the same document, and a link is set only where its target is in the document. One file, since Quarto loads
-- filters in its own way.

local audit, rows, style = '', '', ''
local SCRIPTS = { 'dom.js', 'tables.js', 'cards.js' }

local function trace_id(name)
  return 'trace-' .. name:gsub('[^%w_%-]', '-')
end

-- Quarto rewrites a path in `_quarto.yml` to start at the chapter; here it starts at the project.
local function from_project(path)
  local text, cut = path and pandoc.utils.stringify(path) or '', 1
  while cut > 0 do text, cut = text:gsub('^%.%.?/', '') end
  return text
end

local function read_meta(meta)
  local settings = meta.companion or {}
  audit, rows = from_project(settings.audit), from_project(settings.rows)
  style = from_project(settings.style)
end

local function at_project(path)
  return (quarto and quarto.project and quarto.project.offset or '.') .. '/' .. path
end

local function page(source)
  return at_project((source:gsub('%.%w+$', '.html')))
end

local function add_scripts(document)
  if style == '' or not FORMAT:match 'html' then return nil end
  for _, name in ipairs(SCRIPTS) do
    local script = '<script src="' .. at_project(style .. '/' .. name) .. '" defer></script>'
    document.blocks:insert(pandoc.RawBlock('html', script))
  end
  return document
end

local function typst(text)
  return pandoc.RawInline('typst', text)
end

-- A link to the first of the labels that occurs once in the document, else what `otherwise` says.
local function where_it_exists(ids, content, otherwise)
  local labels = {}
  for _, id in ipairs(ids) do
    table.insert(labels, 'label("' .. id:gsub('[\\"]', '\\%0') .. '"), ')
  end
  local open = '#context { let body = ['
  local close = ']; let target = (' .. table.concat(labels)
    .. ').find(at => query(at).len() == 1); if target == none { ' .. otherwise
    .. ' } else { link(target, body) } }'
  local parts = pandoc.Inlines { typst(open) }
  parts:extend(content)
  parts:insert(typst(close))
  return parts
end

local function traced(span)
  local name = span.attributes.trace or span.attributes['data-trace']
  if not (name and span.classes:includes 'traced') then return nil end
  local id = trace_id(name)
  if FORMAT:match 'typst' then
    local row = name:match '^(.+)/[^/]*$'
    local ids = row and { id, trace_id(row) } or { id }
    return where_it_exists(ids, { pandoc.Span(span.content) }, 'body')
  elseif FORMAT:match 'html' and audit ~= '' then
    local attr = pandoc.Attr('', { 'traced' }, { trace = name })
    return pandoc.Link(span.content, page(audit) .. '#' .. id, '', attr)
  end
end

-- What this page holds, and the files of the project's chapters, which name their sections.
local here, chapters = {}, nil

local function note_ids(document)
  if not FORMAT:match 'html' then return end
  for id in pandoc.write(document, 'html'):gmatch ' id="([^"]+)"' do here[id] = true end
end

local function read_chapters()
  local root, found = quarto and quarto.project and quarto.project.directory, {}
  local folders = { ['.'] = true, [pandoc.path.directory(rows)] = true,
                    [pandoc.path.directory(audit)] = true }
  for folder in pairs(root and folders or {}) do
    for _, name in ipairs(pandoc.system.list_directory(pandoc.path.join { root, folder })) do
      local file = name:match '%.ipynb$' or name:match '%.md$'
      local handle = file and io.open(pandoc.path.join { root, folder, name })
      local source = folder == '.' and name or folder .. '/' .. name
      if handle then found[source] = handle:read 'a' handle:close() end
    end
  end
  return found
end

-- The chapter that has the section; anything else that this page lacks is about a row.
local function chapter_of(id)
  if not id:match '^sec%-' then return rows ~= '' and rows or nil end
  chapters = chapters or read_chapters()
  for source, text in pairs(chapters) do
    if text:find('{#' .. id:gsub('%-', '%%-') .. '[} ]') then
      return source
    end
  end
end

local function inner(link)
  local id = link.target:match '^#(.+)$'
  local to_row = link.classes:includes 'row-link'
  if not id then
    return nil
  elseif FORMAT:match 'typst' then
    return where_it_exists({ id }, link.content, to_row and 'none' or 'body')
  elseif FORMAT:match 'html' and not here[id]
      and not link.classes:includes 'quarto-unresolved-ref' then
    local chapter = chapter_of(id)
    if not chapter then return to_row and {} or nil end
    link.target = page(chapter) .. link.target
    return link
  end
end

-- What Quarto leaves as raw HTML would be missing from the PDF. It is set small, and long names of
-- cells may break.
local function read_html(block)
  if block.format ~= 'html' then return nil end
  local blocks = pandoc.read(block.text, 'html-auto_identifiers').blocks:walk {
    Header = function(header)
      header.classes:extend { 'unnumbered', 'unlisted' }
      return header
    end,
    Table = function(tbl)
      tbl.classes:insert 'typst:no-figure'
      local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
      tbl.caption = { long = {} }
      return #caption > 0 and { pandoc.Para { pandoc.Strong(caption) }, tbl } or tbl
    end,
    Str = function(word)
      if #word.text < 15 then return nil end
      return pandoc.Str((word.text:gsub('[._/(]', '%0\u{200b}')))
    end,
  }
  blocks:insert(1, pandoc.RawBlock('typst', '#[#set text(size: 0.85em); #set par(justify: false)'))
  blocks:insert(pandoc.RawBlock('typst', ']'))
  return blocks
end

-- Typst knows no id of a table's row: a mark in its first cell holds it.
local function mark_rows(tbl)
  local bodies = tbl.bodies
  for _, body in ipairs(bodies) do
    for _, row in ipairs(body.body) do
      local first, id = row.cells[1], row.identifier
      if first and id ~= '' then
        first.contents:insert(1, pandoc.Plain { typst('#metadata(none) <' .. id .. '>') })
      end
    end
  end
  tbl.bodies = bodies
  return tbl
end

local filters = { { Meta = read_meta }, { Pandoc = note_ids }, { Span = traced, Link = inner, Pandoc = add_scripts } }
if FORMAT:match 'typst' then
  table.insert(filters, 3, { RawBlock = read_html })
  table.insert(filters, 4, { Table = mark_rows })
end
return filters
