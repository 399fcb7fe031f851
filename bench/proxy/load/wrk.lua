-- Requests for wrk: the raw text of a request, with the places that template.ts describes filled in.
-- Prints what it measured as one line of JSON.
local file = assert(io.open(os.getenv("BENCH_TEMPLATE"), "rb"))
local template = file:read("*a")
file:close()
local tasks = tonumber(os.getenv("BENCH_TASKS"))
local number = tonumber(os.getenv("BENCH_START"))
local few_count, tasks_per_scope = 256, 1000

local pieces, fillers = {}, {}

local function value_of(kind)
  if kind == "few" then return number % few_count end
  if kind == "task" then return number % tasks end
  if kind == "scope" then return math.floor(number % tasks / tasks_per_scope) end
  return number
end

local position = 1
while true do
  local first, last, kind = template:find("<<(%l+)%-*>>", position)
  if not first then break end
  pieces[#pieces + 1] = template:sub(position, first - 1)
  pieces[#pieces + 1] = ""
  fillers[#pieces] = { kind = kind, form = "%0" .. (last - first + 1) .. "d" }
  position = last + 1
end
pieces[#pieces + 1] = template:sub(position)

function request()
  number = number + 1
  for index, filler in pairs(fillers) do
    pieces[index] = string.format(filler.form, value_of(filler.kind))
  end
  return table.concat(pieces)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"micros":%d,"bytes":%d,"refused":%d,"broken":%d,"p50Micros":%d,"p99Micros":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
