-- For Quarto, which numbers and resolves by itself: traced numbers lead to the audit appendix,
-- which is another page of the site (`companion: audit:` names it) and the same PDF.
-- Stands alone, since Quarto loads filters in its own way.

local audit = ''

local function trace_id(name)
  return 'trace-' .. name:gsub('[^%w_%-]', '-')
end

local function page()
  local offset = quarto and quarto.project and quarto.project.offset or '.'
  return offset .. '/' .. audit:gsub('%.%w+$', '.html')
end

local function read_meta(meta)
  local settings = meta.companion
  audit = settings and settings.audit and pandoc.utils.stringify(settings.audit) or ''
end

local function link(span)
  local name = span.attributes.trace or span.attributes['data-trace']
  if not (name and span.classes:includes 'traced') then return nil end
  local id = trace_id(name)
  if FORMAT:match 'typst' then
    local target = '<' .. id .. '>'
    local open = '#context { let body = ['
    local close = ']; if query(' .. target .. ').len() == 1 { link(' .. target .. ', body) } else { body } }'
    return { pandoc.RawInline('typst', open), pandoc.Span(span.content), pandoc.RawInline('typst', close) }
  elseif FORMAT:match 'html' and audit ~= '' then
    local attr = pandoc.Attr('', { 'traced' }, { trace = name })
    return pandoc.Link(span.content, page() .. '#' .. id, '', attr)
  end
end

return { { Meta = read_meta }, { Span = link } }
