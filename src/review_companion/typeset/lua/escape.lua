-- Text as Typst takes it literally: every mark of punctuation escaped, also where Typst would
-- read one as markup only at the start of a block.

local common = require 'common'

local escape = {}

local LIST = { BulletList = true, OrderedList = true, DefinitionList = true }

-- A hyphen before a letter stays: rules on the text see a name such as A-B2 in one piece.
-- Of a sequence joined to one emoji each part is shown: a missing glyph would go unnoticed.
function escape.text(text)
  if text:find '\xf0' then text = text:gsub('\u{200d}', ''):gsub('\xef\xb8[\x8e\x8f]', '') end
  local plain = common.with_codes(text):gsub('[\0-\32]', ' '):gsub('\u{2028}', ' '):gsub('\u{2029}', ' ')
  return (plain:gsub('()([!-/:-@%[\\%]^_`{-~])', function(at, mark)
    local is_within = text:sub(at - 1, at - 1):match '%w' and text:sub(at + 1, at + 1):match '%a'
    return mark == '-' and is_within and mark or '\\' .. mark
  end))
end

-- Letters and digits alone are the same to pandoc's writer.
local function str(element)
  local text = element.text
  if not text:find '[^%w]' then return nil end
  return common.raw_inline(escape.text(text))
end

local function code(element)
  element.text = common.with_codes(element.text)
  return element
end

local MARKS = { SingleQuote = { '‘', '’' }, DoubleQuote = { '“', '”' } }

local function quoted(element)
  local marks = MARKS[element.quotetype]
  return pandoc.Inlines { common.raw_inline(marks[1]) } .. element.content
    .. { common.raw_inline(marks[2]) }
end

-- A list that follows another begins anew.
local function lists_apart(blocks)
  local found = pandoc.Blocks {}
  local before
  for _, block in ipairs(blocks) do
    if LIST[block.t] and before == block.t then
      found:extend(common.join('#block[', { block }, ']'))
    else
      found:insert(block)
    end
    if not (block.t == 'RawBlock' and block.format ~= 'typst') then before = block.t end
  end
  return found
end

function escape.document(doc)
  return doc:walk { Str = str, Quoted = quoted, Code = code, CodeBlock = code, Blocks = lists_apart }
end

return escape
