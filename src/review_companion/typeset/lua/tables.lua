-- What every table needs, whatever the format: named header cells, scopes, alignment.

local common = require 'common'

local tables = {}

local MEASURED_ROWS = 120

-- The page aligns numbers by its style sheet.
local function align(cell)
  if common.typst and cell.classes:includes 'num' and cell.alignment == 'AlignDefault' then
    cell.alignment = pandoc.AlignRight
  end
end

local function name_header(cell)
  if #cell.contents == 0 or pandoc.utils.stringify(cell.contents) == '' then
    local hidden = pandoc.Span(common.words.row, { class = 'visually-hidden' })
    cell.contents = common.html and { pandoc.Plain { hidden } } or cell.contents
  end
  if not cell.attributes.scope then
    cell.attributes.scope = cell.col_span > 1 and 'colgroup' or 'col'
  end
end

local SIDES = { AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center' }

-- The page's policy admits no style within an element: what a table says of its columns becomes
-- classes of its cells, widths in steps of five per cent.
local function dress_cell(spec, cell)
  local side = SIDES[cell.alignment] or SIDES[spec[1]]
  if side then cell.classes:insert('at-' .. side) end
  if spec[2] then cell.classes:insert('w-' .. math.max(5, math.floor(spec[2] * 20 + 0.5) * 5)) end
  cell.alignment = 'AlignDefault'
end

local function classes_for_styles(tbl)
  local rows = pandoc.List { tbl.head.rows, tbl.foot.rows }
  for _, body in ipairs(tbl.bodies) do rows:insert(body.head) rows:insert(body.body) end
  for _, some in ipairs(rows) do
    tables.each_cell(some, function(cell, column)
      cell.attributes.style = nil
      local spec = tbl.colspecs[column]
      if spec then dress_cell(cell.col_span == 1 and spec or { spec[1] }, cell) end
    end)
  end
  tbl.colspecs = tbl.colspecs:map(function() return { pandoc.AlignDefault, nil } end)
end

function tables.prepare(tbl)
  local is_plain = tbl.classes:includes(common.PLAIN)
  tbl.classes = tbl.classes:filter(function(class) return class ~= common.PLAIN end)
  if common.html and not is_plain then classes_for_styles(tbl) end
  tbl.attributes.border, tbl.attributes.style = nil, nil
  for _, row in ipairs(tbl.head.rows) do
    row.attributes.style = nil
    for _, cell in ipairs(row.cells) do
      align(cell)
      name_header(cell)
    end
  end
  for _, body in ipairs(tbl.bodies) do
    tables.each_cell(body.body, function(cell, column)
      align(cell)
      if column <= body.row_head_columns and not cell.attributes.scope then
        cell.attributes.scope = cell.row_span > 1 and 'rowgroup' or 'row'
      end
    end)
  end
  return tbl
end

-- Calls `visit` with each cell and the column in which it begins, row spans counted.
function tables.each_cell(rows, visit)
  local open = {}
  for _, row in ipairs(rows) do
    local at = 1
    local function skip()
      while (open[at] or 0) > 0 do open[at], at = open[at] - 1, at + 1 end
    end
    for _, cell in ipairs(row.cells) do
      skip()
      visit(cell, at)
      for step = at, at + cell.col_span - 1 do open[step] = cell.row_span - 1 end
      at = at + cell.col_span
    end
    skip()
  end
end

-- The rows by which a table is measured: its head, and as much of its bodies as tells enough.
local function sample(tbl)
  local rows = pandoc.List(tbl.head.rows):clone()
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      if #rows < MEASURED_ROWS then rows:insert(row) end
    end
  end
  return rows
end

-- Text lengths by column: longest word, longest cell, characters in all; spanning cells left out.
function tables.measure(tbl)
  local columns = {}
  for number = 1, #tbl.colspecs do columns[number] = { word = 2, cell = 2, all = 0 } end
  tables.each_cell(sample(tbl), function(cell, column)
    if cell.col_span == 1 and columns[column] then tables.widen(columns[column], cell) end
  end)
  return columns
end

function tables.widen(column, cell)
  for _, block in ipairs(cell.contents) do
    local text = pandoc.utils.stringify(block)
    local length = utf8.len(text) or #text
    column.cell = math.max(column.cell, length)
    column.all = column.all + length
    for word in text:gmatch '[^%s%-/]+' do
      column.word = math.max(column.word, utf8.len(word) or #word)
    end
  end
end

-- The characters that a row needs at least, each column its longest word.
function tables.least(tbl)
  local least = 0
  for _, column in ipairs(tables.measure(tbl)) do least = least + math.min(column.word, 18) + 2 end
  return least
end

-- Shares of the line for a table of more characters than `capacity` in a row, else nil:
-- every column its longest word, what is left by the amount of text.
function tables.shares(tbl, capacity)
  local columns = tables.measure(tbl)
  local wanted, least, text = 0, 0, 0
  for _, column in ipairs(columns) do
    column.word = math.min(column.word, 18) + 2
    wanted, least = wanted + column.cell + 2, least + column.word
    column.weight = column.all ^ 0.9
    text = text + column.weight
  end
  if wanted <= capacity then return nil end
  local spare = math.max(capacity - least, 0)
  local shares, total = {}, 0
  for number, column in ipairs(columns) do
    shares[number] = column.word + spare * column.weight / text
    total = total + shares[number]
  end
  for number in ipairs(shares) do shares[number] = shares[number] / total end
  return shares
end

return tables
