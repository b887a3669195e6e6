#include "runtime/latency/devices/device.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::embedded {
extern const std::string_view device_cortex_a72;
}  // namespace gensynth::embedded

namespace gensynth::latency::devices {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

const std::vector<std::string>& activation_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (int kind = 0; kind <= static_cast<int>(ActivationKind::tanh); ++kind) {
      list.emplace_back(to_string(static_cast<ActivationKind>(kind)));
    }
    return list;
  }();
  return names;
}

constexpr const char* kNotUsed = "left out: not used";

/// {"value": ..., "unit": ..., "source": ...}
double sourced(JsonReader& reader, const std::string& key, const std::string& unit, double low, double high,
               std::string& source) {
  JsonReader object = reader.object(key);
  const double value = object.number("value", low, high);
  object.choice("unit", {unit});
  source = object.string("source");
  object.finish();
  return value;
}

/// Marks the entries of `key`, an array of names out of `names`.
template <std::size_t N, class Names>
void read_flags(JsonReader& reader, const std::string& key, const Names& names, std::array<bool, N>& flags) {
  const std::vector<std::string> known(names.begin(), names.end());
  for (const json& item : reader.array(key)) {
    if (!item.is_string()) reader.fail(key, "expected names");
    const auto name = item.get<std::string>();
    const auto at = std::find(known.begin(), known.end(), name);
    if (at == known.end()) reader.fail(key, "unknown name '" + name + "'" + suggestion(name, known));
    flags[static_cast<std::size_t>(at - known.begin())] = true;
  }
}

PrecisionData read_precision(JsonReader reader) {
  PrecisionData data;
  data.element_bytes = reader.number("element_bytes", 0.125, 8);
  data.lanes = static_cast<int>(reader.integer("lanes", 1, 64));
  JsonReader parameters = reader.object("parameters");
  for (std::size_t i = 0; i < model::kParameters; ++i) {
    const model::LatencyParameterInfo& info = model::parameter_infos()[i];
    if (info.optional && !parameters.has(info.name)) {
      data.parameters[i] = info.low;
      data.sources[i] = kNotUsed;
      continue;
    }
    data.parameters[i] = sourced(parameters, info.name, info.unit, info.low, info.high, data.sources[i]);
  }
  parameters.finish();
  data.calibration = model::calibration_from_json(reader.object("calibration"));
  reader.finish();
  return data;
}

RuntimeData read_runtime(JsonReader reader) {
  RuntimeData data;
  data.description = reader.string("description");
  data.version = static_cast<int>(reader.integer("version", 1, 1'000'000));
  data.like = reader.string("like", "");
  JsonReader fusion = reader.object("fusion");
  data.fusion.batch_norm = fusion.boolean("batch_norm");
  data.fusion.add = fusion.boolean("add");
  data.fusion.after_elementwise = fusion.boolean("after_elementwise");
  data.fusion.blur_as_pad_and_depthwise = fusion.boolean("blur_as_pad_and_depthwise");
  read_flags(fusion, "activations", activation_names(), data.fusion.activations);
  if (fusion.has("composed")) read_flags(fusion, "composed", activation_names(), data.fusion.composed);
  data.fusion.blocks_channels = fusion.has("channel_block");
  if (data.fusion.blocks_channels) {
    data.fusion.channel_block = static_cast<int>(fusion.integer("channel_block", 1, 64));
  }
  if (fusion.has("copies_patches")) data.fusion.copies_patches = fusion.boolean("copies_patches");
  data.fusion_source = fusion.string("source");
  fusion.finish();
  read_flags(reader, "threaded", model::kernel_class_names(), data.threaded);
  JsonReader precisions = reader.object("precisions");
  for (const auto& [name, unused] : reader.value("precisions").items()) {
    const std::optional<Precision> precision = find_precision(name);
    if (!precision) {
      precisions.fail(name,
                      "unknown precision" + suggestion(name, precision_names()) + ", expected fp32, fp16 or int8");
    }
    data.precisions[*precision] = read_precision(precisions.object(name));
  }
  if (data.precisions.empty()) reader.fail("precisions", "expected at least one precision");
  precisions.finish();
  reader.finish();
  return data;
}

ordered_json with_source(double value, const std::string& unit, const std::string& source) {
  return {{"value", value}, {"unit", unit}, {"source", source}};
}

template <std::size_t N, class Names>
ordered_json flags_to_json(const std::array<bool, N>& flags, const Names& names) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < N; ++i) {
    if (flags[i]) list.push_back(names[i]);
  }
  return list;
}

ordered_json to_json(const PrecisionData& data) {
  ordered_json parameters = ordered_json::object();
  for (std::size_t i = 0; i < model::kParameters; ++i) {
    const model::LatencyParameterInfo& info = model::parameter_infos()[i];
    if (info.optional && data.sources[i] == kNotUsed) continue;
    parameters[info.name] = with_source(data.parameters[i], info.unit, data.sources[i]);
  }
  return {{"element_bytes", data.element_bytes},
          {"lanes", data.lanes},
          {"parameters", parameters},
          {"calibration", to_json(data.calibration)}};
}

}  // namespace

model::RuntimeTraits RuntimeData::traits(const PrecisionData& precision) const {
  return {precision.element_bytes, precision.lanes, fusion.channel_block, fusion.copies_patches, threaded};
}

model::Hardware Device::hardware() const {
  return {cores, macs_per_cycle, *std::min_element(clocks_ghz.begin(), clocks_ghz.end()), l2_bytes};
}

Device device_from_json(const json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format("gensynth.device", 1);
  Device device;
  device.name = reader.string("name");
  device.description = reader.string("description");
  const double cores = sourced(reader, "cores", "cores", 1, model::kMostCores, device.cores_source);
  device.cores = static_cast<int>(cores);
  if (device.cores != cores) reader.fail("cores/value", "expected a whole number, found " + std::to_string(cores));
  JsonReader clocks = reader.object("clocks");
  device.clocks_ghz = model::clocks_from_json(clocks, "value");
  clocks.choice("unit", {"GHz"});
  device.clocks_source = clocks.string("source");
  clocks.finish();
  if (device.clocks_ghz.empty()) reader.fail("clocks", "expected at least one clock");
  device.macs_per_cycle = sourced(reader, "peak", "MAC/cycle", 0.01, 1e6, device.macs_source);
  device.l2_bytes = 1024 * sourced(reader, "l2", "KiB", 1, 1e9, device.l2_source);
  JsonReader runtimes = reader.object("runtimes");
  for (const auto& [name, unused] : value.at("runtimes").items()) {
    device.runtimes[name] = read_runtime(runtimes.object(name));
  }
  if (device.runtimes.empty()) reader.fail("runtimes", "expected at least one runtime");
  runtimes.finish();
  reader.finish();
  for (const auto& [name, runtime] : device.runtimes) {
    if (runtime.like.empty() || device.runtimes.count(runtime.like)) continue;
    throw Error(source + ": /runtimes/" + name + "/like: '" + runtime.like + "', expected a runtime of this device");
  }
  return device;
}

ordered_json to_json(const Device& device) {
  ordered_json runtimes = ordered_json::object();
  for (const auto& [name, runtime] : device.runtimes) {
    ordered_json precisions = ordered_json::object();
    for (const auto& [precision, data] : runtime.precisions) precisions[to_string(precision)] = to_json(data);
    runtimes[name] = {{"description", runtime.description},
                      {"version", runtime.version},
                      {"like", runtime.like},
                      {"fusion",
                       {{"batch_norm", runtime.fusion.batch_norm},
                        {"add", runtime.fusion.add},
                        {"after_elementwise", runtime.fusion.after_elementwise},
                        {"blur_as_pad_and_depthwise", runtime.fusion.blur_as_pad_and_depthwise},
                        {"activations", flags_to_json(runtime.fusion.activations, activation_names())},
                        {"source", runtime.fusion_source}}},
                      {"threaded", flags_to_json(runtime.threaded, model::kernel_class_names())},
                      {"precisions", precisions}};
    if (runtime.fusion.blocks_channels) runtimes[name]["fusion"]["channel_block"] = runtime.fusion.channel_block;
    if (runtime.fusion.copies_patches) runtimes[name]["fusion"]["copies_patches"] = true;
    const ordered_json composed = flags_to_json(runtime.fusion.composed, activation_names());
    if (!composed.empty()) runtimes[name]["fusion"]["composed"] = composed;
  }
  return {{"format", "gensynth.device"},
          {"version", 1},
          {"name", device.name},
          {"description", device.description},
          {"cores", with_source(device.cores, "cores", device.cores_source)},
          {"clocks", {{"value", device.clocks_ghz}, {"unit", "GHz"}, {"source", device.clocks_source}}},
          {"peak", with_source(device.macs_per_cycle, "MAC/cycle", device.macs_source)},
          {"l2", with_source(device.l2_bytes / 1024, "KiB", device.l2_source)},
          {"runtimes", runtimes}};
}

std::string to_text(const Device& device) { return to_json(device).dump(2) + "\n"; }

Device read_device(const std::string& path) { return device_from_json(read_json_file(path), path); }

std::vector<std::string> built_in_devices() { return {"cortex-a72"}; }

const Device& built_in_device(std::string_view name) {
  if (name != "cortex-a72") {
    throw Error("unknown device '" + std::string(name) + "'" + suggestion(name, built_in_devices()) +
                "; known: " + joined(built_in_devices()));
  }
  static const Device device =
      device_from_json(parse_json(std::string(embedded::device_cortex_a72), "cortex-a72.json"), "cortex-a72.json");
  return device;
}

Device find_device(const std::string& name) {
  return name.ends_with(".json") ? read_device(name) : built_in_device(name);
}

}  // namespace gensynth::latency::devices
