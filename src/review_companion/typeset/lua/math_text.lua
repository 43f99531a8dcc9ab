-- Formulas: MathML on the page, an equation with its TeX as alternative text in the PDF.

local common = require 'common'

local formulas = {}

local OPTIONS = pandoc.WriterOptions { html_math_method = 'mathml' }

local function written(formula)
  local doc = pandoc.Pandoc { pandoc.Plain { formula } }
  if common.typst then return pandoc.write(doc, 'typst') end
  return pandoc.write(doc, 'html5', OPTIONS)
end

local function typst(formula, text)
  local block = formula.mathtype == 'DisplayMath' and 'true' or 'false'
  return '#math.equation(block: ' .. block .. ', alt: ' .. common.typst_string(formula.text)
    .. ', ' .. text .. ')'
end

-- pandoc leaves a formula that it cannot read as text.
function formulas.inline(formula, place)
  local text = written(formula):gsub('%s+$', '')
  local is_read = text:match(common.typst and '^%$.*%$$' or '^<math') and not text:match '^%$\\%$'
  if not is_read then
    common.fail("the formula '" .. formula.text:sub(1, 60) .. "' cannot be read as TeX", place)
  end
  return common.raw_inline(common.typst and typst(formula, text) .. ';' or text)
end

return formulas
