-- Reads chapters: their prose, and the outputs of their cells. Nothing of a chapter depends on
-- another one yet, so that pandoc.py keeps it until the chapter changes.

package.path = pandoc.path.join {
  pandoc.path.directory(PANDOC_SCRIPT_FILE), 'lua', '?.lua' } .. ';' .. package.path

local common = require 'common'
local outputs = require 'outputs'

function Pandoc(doc)
  common.read_settings(doc.meta)
  local format = pandoc.utils.stringify(doc.meta.format) -- that of the volume; here it is JSON
  common.html, common.typst = format == 'html5', format == 'typst'
  doc.blocks = doc:walk(outputs).blocks
  return doc
end
