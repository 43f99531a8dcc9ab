-- The contents in the sidebar of the page.

local common = require 'common'

local contents = {}

local function link(entry)
  local text = pandoc.Inlines {}
  if entry.number ~= '' then
    text:extend { pandoc.Span(entry.number, { class = 'number' }), pandoc.Space() }
  end
  local plain = (text .. entry.title):walk {
    Link = function(inner) return inner.content end,
    Note = function() return {} end,
    Span = function(span) span.identifier = '' return span end }
  return pandoc.Plain { pandoc.Link(plain, common.address(entry.id, entry.volume)) }
end

local function group_name(entry)
  if common.elsewhere(entry.volume) and entry.volume == 'audit' then return common.words.audit end
  return entry.part ~= '' and entry.part or (entry.appendix and common.words.appendix) or ''
end

-- Chapters with their sections as nested lists; a part or "Appendix" is a line of its own.
local function sidebar(entries)
  local items, at, group = pandoc.List {}, nil, ''
  for _, entry in ipairs(entries) do
    if entry.level == 1 then
      if group_name(entry) ~= group and group_name(entry) ~= '' then
        items:insert { pandoc.Plain { pandoc.Span(group_name(entry), { class = 'part' }) } }
      end
      group = group_name(entry)
      at = { link(entry) }
      items:insert(at)
    elseif entry.level == 2 and common.toc_depth > 1 and at and not common.elsewhere(entry.volume) then
      if not at[2] then at[2] = pandoc.BulletList {} end
      at[2].content:insert { link(entry) }
    end
  end
  return pandoc.MetaBlocks { pandoc.BulletList(items) }
end

function contents.add(meta, entries)
  if common.html then meta.sidebar = sidebar(entries) end
end

return contents
