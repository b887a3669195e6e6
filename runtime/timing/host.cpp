#include "runtime/timing/host.hpp"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "architecture/base/json_reader.hpp"

namespace gensynth::timing {
namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

/// The value of a "key : value" line of /proc/cpuinfo; "" when there is none.
std::string cpuinfo(const std::string& root, const std::string& key) {
  std::ifstream in(root + "/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.rfind(key, 0) != 0) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

/// "48K", "8192K", "105M" as bytes; 0 when malformed.
std::int64_t bytes_of(const std::string& text) {
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  return static_cast<std::int64_t>(value) * (*end == 'K' ? 1 << 10 : *end == 'M' ? 1 << 20 : 1);
}

/// "0-3,8" is five processors.
int processors_in(const std::string& list) {
  int count = 0;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t dash = part.find('-');
    count += dash == std::string::npos ? 1 : std::atoi(part.c_str() + dash + 1) - std::atoi(part.c_str()) + 1;
  }
  return std::max(count, 1);
}

std::vector<CacheLevel> caches_of(const std::string& root) {
  std::vector<CacheLevel> caches;
  for (int index = 0;; ++index) {
    const std::string folder = root + "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
    if (!fs::exists(folder + "size")) return caches;
    caches.push_back({first_line(folder + "type"), std::atoi(first_line(folder + "level").c_str()),
                      bytes_of(first_line(folder + "size")), processors_in(first_line(folder + "shared_cpu_list"))});
  }
}

/// Linux on ARM reports the number of a core, not its name.
std::string processor_of(const std::string& root) {
  if (const std::string name = cpuinfo(root, "model name"); !name.empty()) return name;
  const std::string part = cpuinfo(root, "CPU part");
  if (part == "0xd03") return "Cortex-A53";
  if (part == "0xd08") return "Cortex-A72";
  if (part == "0xd0b") return "Cortex-A76";
  return part.empty() ? "" : "CPU part " + part;
}

/// As in Google Benchmark, a system without governors counts as one without scaling.
std::optional<bool> scaling_of(const std::string& root) {
  const fs::path processors = root + "/sys/devices/system/cpu";
  if (!fs::exists(processors)) return std::nullopt;
  for (int cpu = 0; fs::exists(processors / ("cpu" + std::to_string(cpu))); ++cpu) {
    const std::string governor =
        first_line((processors / ("cpu" + std::to_string(cpu)) / "cpufreq/scaling_governor").string());
    if (!governor.empty() && governor != "performance") return true;
  }
  return false;
}

/// The first word of this process's command line.
std::string executable_of(const std::string& root) {
  std::ifstream in(root + "/proc/self/cmdline");
  std::string word;
  std::getline(in, word, '\0');
  return word;
}

/// The date with a colon in the offset, which strftime omits.
std::string now_text() {
  char text[40];
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string date = text;
  return date.insert(date.size() - 2, ":");
}

}  // namespace

int usable_processors() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  if (::sched_getaffinity(0, sizeof usable, &usable) != 0) return std::max(1, host_context().cpus);
  return std::max(1, CPU_COUNT(&usable));
}

HostContext host_context(const std::string& root) {
  HostContext context;
  context.date = now_text();
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) == 0) context.host = name;
  context.executable = executable_of(root);
  context.processor = processor_of(root);
  context.cpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  context.cpu_scaling = scaling_of(root);
  const std::string highest = root + "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq";
  if (const std::string khz = first_line(highest); !khz.empty()) {
    context.ghz = std::atof(khz.c_str()) * 1e-6;
  } else if (const std::string mhz = cpuinfo(root, "cpu MHz"); !mhz.empty()) {
    context.ghz = std::round(std::atof(mhz.c_str())) * 1e-3;
  }
  context.caches = caches_of(root);
  std::istringstream load(first_line(root + "/proc/loadavg"));
  for (double value = 0; context.load_average.size() < 3 && load >> value;) context.load_average.push_back(value);
  context.library_version = GENSYNTH_VERSION;
#ifdef NDEBUG
  context.library_build_type = "release";
#else
  context.library_build_type = "debug";
#endif
  return context;
}

nlohmann::ordered_json to_json(const HostContext& context) {
  nlohmann::ordered_json caches = nlohmann::ordered_json::array();
  for (const CacheLevel& cache : context.caches) {
    caches.push_back(
        {{"type", cache.type}, {"level", cache.level}, {"size", cache.bytes}, {"num_sharing", cache.shared_by}});
  }
  nlohmann::ordered_json json = {{"date", context.date}, {"host_name", context.host}};
  if (!context.executable.empty()) json["executable"] = context.executable;
  json["num_cpus"] = context.cpus;
  if (context.ghz) json["mhz_per_cpu"] = std::lround(1e3 * *context.ghz);
  if (context.cpu_scaling) json["cpu_scaling_enabled"] = *context.cpu_scaling;
  json["caches"] = caches;
  json["load_avg"] = context.load_average;
  json["library_version"] = context.library_version;
  json["library_build_type"] = context.library_build_type;
  json["processor"] = context.processor;
  return json;
}

HostContext host_context_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  constexpr double kHigh = std::numeric_limits<double>::max();
  JsonReader reader(value, source, pointer);
  HostContext context;
  context.date = reader.string("date");
  context.host = reader.string("host_name");
  context.executable = reader.string("executable", "");
  context.cpus = static_cast<int>(reader.integer("num_cpus", 1, INT_MAX));
  if (reader.has("mhz_per_cpu")) context.ghz = reader.number("mhz_per_cpu", 0, kHigh) / 1e3;
  if (reader.has("cpu_scaling_enabled")) context.cpu_scaling = reader.boolean("cpu_scaling_enabled");
  for (const nlohmann::json& entry : reader.array("caches")) {
    JsonReader cache(entry, source, reader.at("caches"));
    context.caches.push_back({cache.string("type"), static_cast<int>(cache.integer("level", 1, INT_MAX)),
                              cache.integer("size", 0, INT64_MAX),
                              static_cast<int>(cache.integer("num_sharing", 1, INT_MAX))});
    cache.finish();
  }
  for (const nlohmann::json& load : reader.array("load_avg")) {
    if (!load.is_number()) reader.fail("load_avg", "expected numbers, found " + load.dump());
    context.load_average.push_back(load.get<double>());
  }
  context.library_version = reader.string("library_version");
  context.library_build_type = reader.string("library_build_type");
  context.processor = reader.string("processor");
  reader.finish();
  return context;
}

std::string to_text(const HostContext& context) {
  std::ostringstream out;
  out << context.date << "  " << context.host << "\n" << context.processor << ", " << context.cpus << " processors";
  if (context.ghz) out << " at " << std::lround(1e3 * *context.ghz) << " MHz";
  if (context.cpu_scaling.value_or(false)) out << " (the clock may change: timings will scatter)";
  out << "\n";
  for (const CacheLevel& cache : context.caches) {
    out << "L" << cache.level << " " << cache.type << " " << cache.bytes / 1024 << " KiB";
    if (cache.shared_by > 1) out << ", shared by " << cache.shared_by;
    out << "\n";
  }
  out << "load average";
  for (const double load : context.load_average) out << " " << load;
  out << "; gensynth " << context.library_version << ", " << context.library_build_type << "\n";
  return out.str();
}

}  // namespace gensynth::timing
