-- `[3219]{.traced trace="name"}` leads to the entry of that trace in the audit appendix.

local common = require 'common'

local last

-- In the PDF a cell of a table may lead to the entry of its row, and of several numbers in a row
-- that lead to one entry the first is a link: each costs memory and time in a tagged PDF.
local function in_pdf(span, name, exists, volume_of)
  local id = common.trace_id(name)
  local row = name:match '^(.+)/[^/]*$'
  if row and not exists(id) then id = common.trace_id(row) end
  local again = id == last
  last = id
  if again or not exists(id) or common.elsewhere(volume_of(id)) then return span.content end
  local open, close = '#traced(<' .. id .. '>)[', ']'
  return pandoc.Inlines { common.raw_inline(open) } .. span.content .. { common.raw_inline(close) }
end

-- `exists(id)` says whether the entry is there; without it the number stays plain text. `volume_of`
-- says in which volume.
return function(span, exists, volume_of)
  local name = span.attributes.trace or span.attributes['data-trace']
  if not (name and span.classes:includes 'traced') then return nil end
  if common.typst then return in_pdf(span, name, exists, volume_of) end
  local id = common.trace_id(name)
  if not exists(id) then return span end
  local attr = pandoc.Attr(span.identifier, span.classes, { trace = name })
  return pandoc.Link(span.content, common.address(id, volume_of(id)), '', attr)
end
