-- Raw fences of cell outputs become tables, text and images.

local common = require 'common'
local own_tables = require 'own_tables'

local READER = 'html-raw_html-auto_identifiers'

-- Headings of an output stand under the section around it: collect.lua reads their rank. Those of
-- its first rank that have a name of their own are in the contents.
local function demote(blocks)
  local top = 6
  blocks:walk { Header = function(header) top = math.min(top, header.level) end }
  return blocks:walk { Header = function(header)
    header.classes:insert 'unnumbered'
    if header.level > top or header.identifier == '' then header.classes:insert 'unlisted' end
    header.attributes.rank = tostring(header.level - top + 1)
    return header
  end }
end

-- pandoc guesses widths and alignments; only those that the HTML declares are kept.
-- Where it declares none at all, no cell needs to be looked at for them.
local function declared_only(has_widths, is_plain)
  return function(tbl)
    if is_plain then tbl.classes:insert(common.PLAIN) end
    tbl.colspecs = tbl.colspecs:map(function(spec)
      return { pandoc.AlignDefault, has_widths and spec[2] or nil }
    end)
    return tbl
  end
end

-- Where several cells of a row have one trace, the first of them leads to it: a link is enough.
-- In the PDF the entries are those of rows, so that the cells of a row have one.
local function entry_of(name)
  local is_cell = common.typst and not common.starts_with(name, 'claim/')
  return is_cell and name:match '^(.+)/[^/]*$' or name
end

local function link_once(text)
  return (text:gsub('<tr.-</tr>', function(row)
    local seen = {}
    return (row:gsub('<span class="traced" data%-trace="([^"]*)">', function(name)
      local entry = entry_of(name)
      local again = seen[entry]
      seen[entry] = true
      return again and '<span>' or nil
    end))
  end))
end

-- What goes into the page as it is has a mark of ours, which no text that is read may contain.
local function without_mark(block)
  for _, class in ipairs(block.classes) do
    if common.starts_with(class, 'companion-') then
      common.fail("'" .. class .. "' is a mark of the program's own")
    end
  end
end

local function parsed(text)
  local is_plain = not (text:find ' style=' or text:find ' align=' or text:find ' width=')
  local has_widths = text:match '<col%f[%W][^>]*width' ~= nil
  local blocks = pandoc.read(text, READER).blocks
  if text:lower():find('<pre', 1, true) then blocks:walk { CodeBlock = without_mark } end
  if text:find '<h%d' then blocks = demote(blocks) end
  if not text:find '<table' then return blocks end
  return blocks:walk { Table = declared_only(has_widths, is_plain) }
end

local function read_html(name)
  local text = link_once(common.read(name))
  local first, rest = own_tables.split(text)
  return first and common.join({ first }, rest:match '%S' and parsed(rest) or {}) or parsed(text)
end

-- What goes into the page as it is, or into another volume, stays in its file.
local function unparsed(name)
  return pandoc.CodeBlock(name, { class = common.VERBATIM })
end

local function read_image(text)
  local data = pandoc.json.decode(text)
  if data.file:find '[/\\]' then common.fail("'" .. data.file .. "' is the name of no output") end
  local attributes = { alt = data.alt, data = data.data, narrow = data.narrow }
  return pandoc.Plain { pandoc.Image({}, data.file, '', pandoc.Attr('', { 'output' }, attributes)) }
end

return {
  traverse = 'topdown',
  -- What this format does not show is counted, not read.
  Div = function(div)
    if common.shows(div) == false then
      return div:walk { RawBlock = function() return {} end }, false
    elseif div.attributes.widths and not common.elsewhere(common.chapter_volume) then
      return div:walk { RawBlock = function(block)
        return block.format == 'companion-html' and parsed(link_once(common.read(block.text))) or nil
      end }
    end
  end,
  CodeBlock = without_mark, -- in prose: what this filter makes of outputs is not visited again
  RawBlock = function(block)
    if block.format == 'companion-chapter' then
      common.chapter_volume = pandoc.json.decode(block.text).volume
    elseif block.format == 'companion-place' then
      common.place = block.text
    elseif block.format == 'companion-html' and common.elsewhere(common.chapter_volume) then
      return unparsed(block.text)
    elseif block.format == 'companion-html' then
      return read_html(block.text)
    elseif block.format == 'companion-verbatim' then
      return common.html and unparsed(block.text) or {}
    elseif block.format == 'companion-lists' then
      return common.html and {} or nil
    elseif block.format == 'companion-image' then
      return read_image(block.text)
    elseif block.format == 'html' and block.text:match '^<!%-%-.*%-%->%s*$' then
      return {}
    elseif not common.starts_with(block.format, 'companion-') then
      common.fail('raw ' .. block.format .. ' is not supported: ' .. block.text:sub(1, 40))
    end
  end,
}
