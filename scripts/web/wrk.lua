-- Asks one address with several cookies in turn; counts every answer that is not the one expected.
-- Arguments: status, host, cookies, and for a POST bodies, each list joined by "\n"; %N in a body is a number
-- that is another one each time.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function lines(text)
  local found = {}
  for line in (text or ""):gmatch("[^\n]+") do found[#found + 1] = line end
  return found
end

function init(args)
  expected, host, cookies, bodies = tonumber(args[1]), args[2], lines(args[3]), lines(args[4])
  asked, odd, odd_status = 0, 0, 0
end

function request()
  asked = asked + 1
  local who = asked % #cookies + 1
  local headers = {
    ["Host"] = host, ["X-Forwarded-For"] = "192.0.2.1", ["X-Forwarded-Proto"] = "https",
    ["Accept-Encoding"] = "gzip", ["Cookie"] = cookies[who],
  }
  if #bodies == 0 then return wrk.format("GET", nil, headers) end
  headers["Origin"] = "https://" .. host
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  local n = asked
  local body = bodies[who]:gsub("%%N", function()
    local digit = n % 3
    n = math.floor(n / 3)
    return tostring(digit)
  end)
  return wrk.format("POST", nil, headers, body)
end

function response(status)
  if status ~= expected then odd, odd_status = odd + 1, status end
end

function done(summary, latency)
  local errors, strange, which = summary.errors, 0, 0
  for _, thread in ipairs(threads) do
    strange = strange + thread:get("odd")
    which = math.max(which, thread:get("odd_status"))
  end
  io.write(string.format(
    '\nJSON {"requests": %d, "seconds": %.3f, "broken": %d, "odd": %d, "odd_status": %d, "p50": %.1f, "p99": %.1f}\n',
    summary.requests, summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.timeout,
    strange, which, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
