-- What a person does in Neovim: open a layer, hover a setting, go to its definitions, mend a mistake, rename a key.
-- Run by neovim.test.ts in a copy of examples/shop; what Neovim showed goes to STRATA_RESULT as JSON.

local limit_ms = 8000

local function wait_for(what, condition)
  assert(vim.wait(limit_ms, condition, 5), 'not within ' .. limit_ms .. ' ms: ' .. what)
end

-- The way of docs/editors.md: vim.lsp.start came with 0.8.
local function start()
  local config = {
    name = 'strata',
    cmd = { vim.env.STRATA_NODE, vim.env.STRATA_CLI, 'lsp', '--stdio' },
    root_dir = vim.fn.getcwd(),
  }
  return vim.lsp.get_client_by_id((vim.lsp.start or vim.lsp.start_client)(config))
end

local function open(file, client)
  vim.cmd('edit ' .. file)
  vim.lsp.buf_attach_client(vim.api.nvim_get_current_buf(), client.id)
end

-- The keys lead to the place, each below the one before.
local function go_to(keys)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  for _, key in ipairs(keys) do
    assert(vim.fn.search('^ *\\zs' .. key .. ':', 'cW') > 0, 'there is no key ' .. key)
  end
end

local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      vim.api.nvim_win_close(window, true)
      return table.concat(lines, '\n')
    end
  end
end

local function hover()
  local text
  vim.lsp.buf.hover()
  wait_for('a hover', function()
    text = floating_text()
    return text ~= nil
  end)
  return text
end

local function definitions()
  vim.fn.setqflist({})
  vim.lsp.buf.definition()
  wait_for('definitions', function() return #vim.fn.getqflist() > 0 end)
  vim.cmd('cclose')
  return vim.tbl_map(function(item)
    return vim.fn.fnamemodify(vim.api.nvim_buf_get_name(item.bufnr), ':t') .. ':' .. item.lnum
  end, vim.fn.getqflist())
end

-- The text under the first problem with this code.
local function problem(code)
  for _, one in ipairs(vim.diagnostic.get(0)) do
    if one.code == code then
      return vim.api.nvim_buf_get_lines(0, one.lnum, one.lnum + 1, false)[1]:sub(one.col + 1, one.end_col)
    end
  end
end

local function main(shown)
  vim.cmd('edit configs/common.yaml')
  local client = start()
  wait_for('the server to start', function() return client.initialized end)
  shown.encoding = client.offset_encoding
  open('configs/common.yaml', client)
  go_to({ 'common', 'db', 'host' })
  shown.hover = hover()
  shown.definitions = definitions()

  open('configs/common-qa.yaml', client)
  go_to({ 'common', 'db', 'host' })
  -- In front of the value stands what bytes, UTF-16 and code points count differently.
  vim.fn.append('.', '    pool: {"😀ü": 1, size: wrong}')
  wait_for('a problem', function() return problem('type-mismatch') ~= nil end)
  shown.problem = problem('type-mismatch')
  vim.cmd('+1substitute/wrong/6/')
  wait_for('no problem', function() return problem('type-mismatch') == nil end)

  go_to({ 'common', 'db', 'pool' })
  vim.fn.search('size')
  vim.lsp.buf.rename('most')
  wait_for('the rename', function() return vim.fn.search('most: 6', 'nw') > 0 end)
  vim.cmd('silent wall')
end

local shown = {}
local ok, failure = xpcall(main, debug.traceback, shown)
if not ok then shown.failure = failure end
vim.fn.writefile({ vim.fn.json_encode(shown) }, vim.env.STRATA_RESULT)
vim.cmd('qall!')
