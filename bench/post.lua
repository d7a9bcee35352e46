-- Sends the form of a call to action, each time for another person: their tokens stand in a file, a line each.
-- Without tokens it sends the bare form. The form's secret is sent twice, as a browser sends it: cookie and field.

local secret = string.rep("benchBENCH0123456789abcdefghij", 2):sub(1, 32)
local headers = {
  ["Content-Type"] = "application/x-www-form-urlencoded",
  ["Cookie"] = "csrftoken=" .. secret,
}
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(arguments)
  tokens, nextone = {}, 0
  local name = os.getenv("BENCH_TOKENS")
  if name and name ~= "" then
    local line = 0
    for token in io.lines(name) do
      if line % 2 == number then tokens[#tokens + 1] = token end
      line = line + 1
    end
  end
  refused = 0
end

function request()
  local body = "csrfmiddlewaretoken=" .. secret .. "&comment=It+matters+to+the+people+we+work+with.&show_name=on"
  if #tokens > 0 then
    body = body .. "&source=alert-1&r=" .. tokens[nextone % #tokens + 1]
    nextone = nextone + 1
  else
    body = body .. "&name=Sam+Sample&email=sam%40people.example"
  end
  return wrk.format("POST", nil, headers, body)
end

function response(status)
  if status ~= 302 then refused = refused + 1 end
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do failed = failed + thread:get("refused") end
  local out = io.open(os.getenv("BENCH_RESULT"), "w")
  out:write(string.format('{"requests": %d, "seconds": %f, "median": %f, "p99": %f, "failed": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
  out:close()
end
