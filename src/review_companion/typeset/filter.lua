-- Turns the chapters that parse.lua read into what the page and the PDF show.
-- Runs before citeproc, since `@fig-x` parses as a citation.

package.path = pandoc.path.join {
  pandoc.path.directory(PANDOC_SCRIPT_FILE), 'lua', '?.lua' } .. ';' .. package.path

local common = require 'common'
local collect = require 'collect'
local resolve = require 'resolve'
local contents = require 'contents'

function Pandoc(doc)
  common.read_settings(doc.meta)
  if common.tried then collect.filter.Str = common.refuse_fence end
  if common.without ~= '' then collect.filter.Str = common.note_missing end
  doc = doc:walk(collect.filter)
  common.tell_missing()
  if collect.cites and not collect.has_references then
    doc.blocks:extend(collect.references_chapter())
  end
  collect.check_links()
  collect.check_citations(doc)
  doc.blocks = collect.of_volume(doc.blocks)
  doc = doc:walk(resolve.filter)
  common.finish(collect.known())
  doc.blocks = resolve.arrange(doc.blocks)
  contents.add(doc.meta, collect.entries)
  return doc
end
