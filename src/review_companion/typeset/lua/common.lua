-- Shared by the parts of the filter: settings, failing with a place, small helpers.

local common = {
  html = FORMAT:match 'html' ~= nil,
  typst = FORMAT == 'typst',
  place = '',
  volume = '',
  chapter_volume = '',
  VERBATIM = 'companion-verbatim',
  PLAIN = 'companion-plain',
}

local WORDS = {
  en = { tbl = 'Table', fig = 'Figure', sec = 'Section', chapter = 'Chapter',
         appendix = 'Appendix', audit = 'Audit volume', references = 'References', contents = 'Contents', row = 'row',
         note = 'Note', tip = 'Tip', warning = 'Warning', important = 'Important',
         caution = 'Caution' },
  de = { tbl = 'Tabelle', fig = 'Abbildung', sec = 'Abschnitt', chapter = 'Kapitel',
         appendix = 'Anhang', audit = 'Prüfband', references = 'Literatur', contents = 'Inhalt', row = 'Zeile',
         note = 'Hinweis', tip = 'Tipp', warning = 'Warnung', important = 'Wichtig',
         caution = 'Achtung' },
}

function common.read_settings(meta)
  local settings = meta['companion-settings'] or {}
  local function text(name) return pandoc.utils.stringify(settings[name] or '') end
  common.words = WORDS[text 'lang'] or WORDS.en
  common.number_sections = text 'number-sections' ~= 'no'
  common.toc_depth = tonumber(text 'toc-depth') or 2
  common.outputs = text 'outputs'
  common.volume = text 'volume'
  common.files = settings.files or {}
  common.without = text 'without'
  common.tried = text 'tried' ~= ''
end

-- Characters without a glyph, by place, as `finish` will not find them again.
common.missing, common.places = {}, pandoc.List {}

-- The text with the code of each character for which there is no glyph.
function common.with_codes(text)
  if common.without == '' or not text:find '[\x80-\xff]' then return text end
  return (text:gsub('[\xc2-\xf4][\x80-\xbf]*', function(character)
    if not common.without:find(character, 1, true) then return nil end
    return ('[U+%04X]'):format(utf8.codepoint(character))
  end))
end

function common.note_missing(element)
  if common.with_codes(element.text) == element.text then return nil end
  if not common.missing[common.place] then
    common.missing[common.place] = pandoc.List {}
    common.places:insert(common.place)
  end
  for character in element.text:gmatch '[\xc2-\xf4][\x80-\xbf]*' do
    local seen = common.missing[common.place]
    if common.without:find(character, 1, true) and not seen:includes(character) then
      seen:insert(character)
    end
  end
end

-- pandoc.py reads these lines and hands them on as warnings.
function common.tell_missing()
  for _, place in ipairs(common.places) do
    local said = pandoc.json.encode { place = place, characters = common.missing[place] }
    io.stderr:write('companion-missing: ' .. said .. '\n')
  end
end

-- A book of volumes is numbered as a whole and written one volume at a time; a chapter's marker
-- names its own. In a book of one volume all names are ''.
function common.elsewhere(volume)
  return (volume or '') ~= common.volume
end

-- The address of an identifier, in this volume's page or in another's.
function common.address(id, volume)
  local file = common.elsewhere(volume)
    and pandoc.utils.stringify(common.files[volume == '' and 'report' or volume]) or ''
  return file .. '#' .. id
end

-- Goes on, so that all that is wrong is told; pandoc.py reads the line. `name` is what it is about.
function common.refuse(what, place, name)
  common.refused = true
  local said = pandoc.json.encode { what = what, place = place or common.place, name = name }
  io.stderr:write('companion-error: ' .. said .. '\n')
end

function common.fail(what, place)
  common.refuse(what, place)
  os.exit(65)
end

-- Ends pandoc where anything was refused. `known` are the names that a text could refer to.
function common.finish(known)
  if common.refused or common.tried then
    io.stderr:write('companion-known: ' .. pandoc.json.encode(known) .. '\n')
  end
  if common.refused then os.exit(65) end
end

function common.refuse_fence(word)
  if word.text:match '^:::+$' then common.refuse('“:::” opens or closes no box') end
end

-- `.content-visible` and `.content-hidden` with `when-format`: whether this format shows the block.
function common.shows(div)
  local visible = div.classes:includes 'content-visible'
  local format = div.attributes['when-format']
  if not visible and not div.classes:includes 'content-hidden' then
    if format then common.fail "`when-format` needs the class content-visible or content-hidden" end
    return nil
  end
  local here = ({ html = common.html, typst = common.typst, pdf = common.typst })[format or '']
  if here == nil then
    common.fail "a block shown or hidden says `when-format`: html, typst or pdf"
  end
  return here == visible
end

function common.slug(text)
  local slug = text:lower():gsub('[^%w]+', '-'):gsub('^%-+', ''):gsub('%-+$', '')
  return slug ~= '' and slug or 'section'
end

-- The anchor of a trace: "trace-" and the name, other characters than A-Za-z0-9_- as "-".
function common.trace_id(name)
  return 'trace-' .. name:gsub('[^%w_%-]', '-')
end

-- A file which markdown.py wrote for this run.
function common.read(name)
  if name:find '[/\\]' then common.fail("'" .. name .. "' is the name of no output") end
  local file = assert(io.open(pandoc.path.join { common.outputs, name }, 'rb'))
  local text = file:read 'a'
  file:close()
  return text
end

function common.html_escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

function common.typst_string(text)
  return '"' .. text:gsub('[\\"]', '\\%0'):gsub('\n', ' ') .. '"'
end

function common.raw(text)
  return pandoc.RawBlock(common.html and 'html' or 'typst', text)
end

function common.raw_inline(text)
  return pandoc.RawInline(common.html and 'html' or 'typst', text)
end

-- Lists of blocks and single strings (raw markup of the format) as one list of blocks.
function common.join(...)
  local found = pandoc.Blocks {}
  for _, part in ipairs { ... } do
    if type(part) == 'string' then found:insert(common.raw(part)) else found:extend(part) end
  end
  return found
end

function common.starts_with(text, prefix)
  return text:sub(1, #prefix) == prefix
end

return common
