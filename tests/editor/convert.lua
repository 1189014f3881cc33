-- Headless Neovim, no plugins: opens a kernel, asks for code actions, applies one the way a user's mapping does.
-- Environment: KERNELGLOT_SERVER (JSON list: the command), KERNELGLOT_FILE, KERNELGLOT_ACTION (title), KERNELGLOT_RESULT (path).
-- Prints one line of JSON: encoding, titles, messages, progress, text of the result, hover.
local file, wanted, result = vim.env.KERNELGLOT_FILE, vim.env.KERNELGLOT_ACTION, vim.env.KERNELGLOT_RESULT
local seen = { messages = {}, progress = {}, titles = {} }

vim.lsp.handlers["window/showMessage"] = function(_, params) table.insert(seen.messages, params.message) end
vim.api.nvim_create_autocmd("LspProgress", {
  callback = function(event) table.insert(seen.progress, event.data.params.value.kind) end,
})

vim.cmd.edit(file)
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start({ name = "kernelglot", cmd = vim.json.decode(vim.env.KERNELGLOT_SERVER), root_dir = vim.fs.dirname(file) })
local client = assert(vim.lsp.get_client_by_id(id), "the server did not start")
assert(vim.wait(10000, function() return client.initialized end, 10), "the server did not initialize")
seen.encoding = client.offset_encoding

local line = vim.fn.search("__global__") - 1
local position = { line = line, character = 0 }
local answer = client:request_sync("textDocument/codeAction", {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  range = { start = position, ["end"] = position },
  context = { diagnostics = {} },
}, 10000, buffer)
for _, action in ipairs(answer and answer.result or {}) do table.insert(seen.titles, action.title) end

vim.api.nvim_win_set_cursor(0, { line + 1, 0 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == wanted end })
vim.wait(120000, function() return vim.uv.fs_stat(result) ~= nil or #seen.messages > 0 end, 20)
vim.wait(2000, function() return #seen.messages > 0 and vim.tbl_contains(seen.progress, "end") end, 20)

local hover = client:request_sync("textDocument/hover", {
  textDocument = { uri = vim.uri_from_fname(file) }, position = position,
}, 10000, buffer)
seen.hover = hover and hover.result and hover.result.contents.value or ""
seen.text = vim.uv.fs_stat(result) and table.concat(vim.fn.readfile(result), "\n") or ""
client:stop()
vim.wait(3000, function() return client:is_stopped() end, 10)
io.stdout:write(vim.json.encode(seen) .. "\n")
