-- What an attribute or an address may be, wherever it comes from: prose, outputs, references.

local common = require 'common'

local allowed = {}

local NAMES = {}
for name in ('role tabindex scope colspan rowspan headers title lang dir trace when-format collapse'
  .. ' widths rank'):gmatch '%S+' do
  NAMES[name] = true
end

local function is_known(name)
  return NAMES[name] or name:match '^aria%-%l+$' or name:match '^data%-[%w_%-]+$'
end

-- Outputs were cleaned before. Of prose, what would act or dress is refused; any other attribute
-- is somebody's own and becomes `data-…`, whatever pandoc knows by that name.
function allowed.require(element)
  local own = {}
  for name in pairs(element.attributes) do
    if name:lower():match '^on' or name:lower() == 'style' then
      common.fail("the attribute '" .. name .. "' is not supported")
    elseif not is_known(name) then
      table.insert(own, name)
    end
  end
  for _, name in ipairs(own) do
    element.attributes['data-' .. name] = element.attributes[name]
    element.attributes[name] = nil
  end
end

-- An address leads to the web by http or https, or to a place within the report.
local function is_allowed(target)
  if target:match '[%z\1-\32\127<>"\\]' then return false end
  local scheme = target:lower():match '^([^/?#]*):'
  if scheme then return scheme:match '^https?$' and target:match '^%w+://[^/]' end
  return not target:match '^//'
end

function allowed.require_address(target, place)
  if not is_allowed(target) then
    common.fail("the address '" .. target:sub(1, 80) .. "' is not supported: addresses begin with "
      .. 'https:// or http://, or lead to a place within the report', place)
  end
end

return allowed
