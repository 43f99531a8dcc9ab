-- `[3219]{.traced trace="name"}` leads to the entry of that trace in the audit appendix.

local common = require 'common'

-- In the PDF a cell of a table may lead to the entry of its row.
-- `exists(id)` says whether the entry is there; without it the number stays plain text.
return function(span, exists)
  local name = span.attributes.trace or span.attributes['data-trace']
  if not (name and span.classes:includes 'traced') then return nil end
  local id = common.trace_id(name)
  local row = name:match '^(.+)/[^/]*$'
  if common.typst and row and not exists(id) then id = common.trace_id(row) end
  if not exists(id) then
    return common.html and span or span.content
  elseif common.typst then
    local open, close = '#traced(<' .. id .. '>)[', ']'
    return pandoc.Inlines { common.raw_inline(open) } .. span.content .. { common.raw_inline(close) }
  end
  local attr = pandoc.Attr(span.identifier, span.classes, { trace = name })
  return pandoc.Link(span.content, '#' .. id, '', attr)
end
