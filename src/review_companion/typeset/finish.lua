-- Runs after citeproc: nothing adds text any more. Every text enters Typst here, escaped.

package.path = pandoc.path.join {
  pandoc.path.directory(PANDOC_SCRIPT_FILE), 'lua', '?.lua' } .. ';' .. package.path

local common = require 'common'
local allowed = require 'allowed'
local math = require 'math_text'
local escape = require 'escape'

local REFERENCES = 'the list of references'

local filter = {
  Link = function(link) allowed.require_address(link.target, REFERENCES) end,
  Math = function(formula) return math.inline(formula, REFERENCES) end,
  Image = function(image) common.fail('an image is not supported: ' .. image.src, REFERENCES) end,
}

function Pandoc(doc)
  common.read_settings(doc.meta)
  doc.meta['companion-settings'] = nil
  doc = doc:walk(filter)
  return common.typst and escape.document(doc) or doc
end
