-- Floats, tables, callouts and images in HTML.

local common = require 'common'
local own_tables = require 'own_tables'

local html = {}
local escape, join = common.html_escape, common.join

local function drawing(path, alt, class)
  local head = '<svg' .. class .. ' role="img" aria-label="' .. alt:gsub('%%', '%%%%') .. '"'
  return (common.read(path):gsub('<svg', head, 1))
end

-- A drawing for a phone follows the other, between two comments, by which page.py packs it away: no
-- drawing and no text of a report has a comment.
function html.image(image)
  local alt, narrow = escape(image.attributes.alt or ''), image.attributes.narrow
  local picture
  if image.src:match '%.svg$' and narrow then
    picture = drawing(image.src, alt, ' class="wide"')
      .. '<!--phone-->' .. drawing(narrow, alt, ' class="narrow"') .. '<!--/phone-->'
  elseif image.src:match '%.svg$' then
    picture = drawing(image.src, alt, '')
  else
    local kind = image.src:match '%.jpg$' and 'jpeg' or 'png'
    local data = 'data:image/' .. kind .. ';base64,' .. image.attributes.data
    picture = '<img alt="' .. alt .. '" src="' .. data .. '">'
  end
  local frame = '<span class="figure-frame" role="group" tabindex="0" aria-label="'
  return common.raw_inline(frame .. escape(common.words.fig) .. '">' .. picture .. '</span>')
end

-- The title of the report is the heading of the first level.
function html.header(header)
  header.classes = header.classes:filter(function(c) return c ~= 'unlisted' end)
  header.level = math.min(header.level + 1, 6)
  return header
end

local function frame(tbl, name)
  local attributes = { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', name } }
  return pandoc.Div({ tbl }, pandoc.Attr('', { 'table-frame' }, attributes))
end

-- Whether a table, or one written as text, can be scrolled and has a name.
local function framed(element, columns)
  local classes = element.classes
  return columns > 3 or classes:includes 'in-float' or classes:includes 'filterable'
end

function html.own_table(block, entry, address)
  local written = common.raw(own_tables.written(block, entry, address))
  return framed(block, own_tables.columns(block)) and frame(written, common.words.tbl) or written
end

function html.table(tbl)
  local wide = framed(tbl, #tbl.colspecs)
  if tbl.classes:includes 'landscape' then tbl.classes:insert 'landscape-table' end
  tbl.classes = tbl.classes:filter(function(c) return c ~= 'in-float' and c ~= 'landscape' end)
  if not wide then return tbl end
  local name = pandoc.utils.stringify(pandoc.Div(tbl.caption.long))
  return frame(tbl, name ~= '' and name or common.words.tbl)
end

local function open_figure(div)
  local classes = table.concat(div.classes, ' ')
  local id = div.identifier ~= '' and ' id="' .. escape(div.identifier) .. '"' or ''
  return '<figure' .. id .. ' class="' .. escape(classes) .. '"><figcaption>'
end

-- The frame of a numbered table is a landmark: its name is its own.
function html.float(div)
  local caption = div.content[1]
  local name = pandoc.utils.stringify(caption)
  div.content:remove(1)
  local named = false
  local body = div.content:walk {
    Div = function(inner)
      if named or not inner.classes:includes 'table-frame' then return nil end
      named = true
      inner.attributes.role, inner.attributes['aria-label'] = 'region', name
      return inner
    end }
  return join(open_figure(div), caption.content, '</figcaption>', body, '</figure>')
end

function html.callout(div)
  if div.attributes.collapse == 'true' then
    local title = div.content:remove(1).content
    local classes = table.concat(div.classes, ' ')
    return join('<details class="' .. escape(classes) .. '"><summary>', title, '</summary>',
      div.content, '</details>')
  end
  div.attributes = { role = 'note' }
  return div
end

function html.verdict(span) return span end

-- Chapters after the first screen lie in a block each, which need not be laid out while it is far off;
-- as raw HTML, since pandoc would give it the id of its heading.
function html.arrange(found)
  local arranged, number = pandoc.Blocks {}, 0
  for _, block in ipairs(found) do
    if block.t == 'Header' and block.level == 2 then
      number = number + 1
      if number > 3 then arranged:insert(common.raw '</div>') end
      if number > 2 then arranged:insert(common.raw '<div class="chapter">') end
    end
    arranged:insert(block)
  end
  if number > 2 then arranged:insert(common.raw '</div>') end
  return arranged
end

function html.tab(div) return div end

function html.finding(div) return div end

function html.definitions(list) return list end

function html.dossier(div) return div end

function html.notes(div) return div end

return html
