-- A table that the program wrote goes into the page as text. To parse it, walk through it and
-- write the same again would take most of pandoc's time.

local common = require 'common'

local own = {}

local CLASS = 'companion-table'
-- What `tables/templates/table.html` writes; a table that has more is parsed like any other.
local TAGS = {
  '^<table class="companion[^"]*" data%-table="[^"]*">$', '^</?thead>$', '^</?tbody>$', '^</?tr>$',
  '^</t[hd]>$', '^<th scope="%l+">$', '^<th scope="%l+" class="%l+">$', '^<td>$', '^<td class="%l+">$',
  '^<th scope="col" data%-filter="%l+">$', '^<th scope="col" class="%l+" data%-filter="%l+">$',
  '^<td colspan="%d+">$', '^</?span>$', '^<span class="traced" data%-trace="[^"]*">$',
  '^<span class="flag">$', '^</?sup>$', '^</a>$', '^</table>$',
  '^<a class="row%-link" href="#[^"]*" aria%-label="[^"]*">$',
}

local function is_known(tag)
  for _, pattern in ipairs(TAGS) do
    if tag:match(pattern) then return true end
  end
  return false
end

-- The text as pandoc would write it, but for its links.
local function as_written(text)
  text = text:gsub('>\n+<', '><'):gsub('%s+', ' ')
  text = text:gsub('</tr>', '%0\n'):gsub('</t[hb]%l%l%l>', '%0\n')
  text = text:gsub('&#34;', '&quot;'):gsub('>[^<]+', function(words)  -- a tag keeps its quotes
    return (words:gsub('&#x27;', "'"):gsub('&#39;', "'"):gsub('&quot;', '"'))
  end)
  return (text:gsub('<th (scope="%l+") (class="[^"]*")', '<th %2 %1'))
end

-- The table at the beginning of an output, and what follows it; nil where it is not a table of ours.
function own.split(text)
  if not common.html or not common.starts_with(text, '<table class="companion') then return nil end
  local table_, rest = text:match '^(.-</table>)(.*)$'
  if not table_ or table_:find '<th[^>]*></th>' then return nil end
  for tag in table_:gmatch '<[^>]*>' do
    if not is_known(tag) then return nil end
  end
  local classes = pandoc.List { CLASS }
  for class in table_:match '^<table class="([^"]*)"':gmatch '%S+' do classes:insert(class) end
  return pandoc.CodeBlock(as_written(table_), pandoc.Attr('', classes)), rest
end

function own.is(block) return block.classes:includes(CLASS) end

-- Where the links of its rows lead.
function own.targets(block) return block.text:gmatch '<a class="row%-link" href="#([^"]*)"' end

function own.columns(block)
  local _, count = block.text:gsub('<th[^>]* scope="col"', '')
  return count
end

local function opened(name, link_to)
  local target = link_to(name)
  if not target then return '<span class="traced" data-trace="' .. name .. '">', '</span>' end
  local href = common.html_escape(target)
  return '<a href="' .. href .. '" class="traced" data-trace="' .. name .. '">', '</a>'
end

-- The spans of numbers become links; a span without a class says nothing.
local function linked(text, link_to)
  local closing = pandoc.List {}
  return (text:gsub('<(/?)span([^>]*)>', function(slash, attributes)
    if slash == '/' then return closing:remove() end
    local open, close = '', ''
    local name = attributes:match ' data%-trace="([^"]*)"'
    if name then
      open, close = opened(name, link_to)
    elseif attributes ~= '' then
      open, close = '<span' .. attributes .. '>', '</span>'
    end
    closing:insert(close)
    return open
  end))
end

-- The text with its links. `link_to` gives the address of a trace's entry, `address`
-- that of an identifier.
function own.written(block, link_to, address)
  local text = block.text:gsub('<a class="row%-link" href="#([^"]*)"', function(id)
    return '<a href="' .. common.html_escape(address(id)) .. '" class="row-link"'
  end)
  local classes = block.classes:filter(function(c)
    return c ~= CLASS and c ~= 'in-float' and c ~= 'landscape'
  end)
  if block.classes:includes 'landscape' then classes:insert 'landscape-table' end
  local opening = '<table class="' .. table.concat(classes, ' ') .. '"'
  return (linked(text, link_to):gsub('^<table class="[^"]*"([^>]*)>', function(rest)
    return opening .. rest .. '>\n'
  end))
end

return own
