#include "generator/columnar/options.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"

namespace gensynth::columnar {
namespace {

using nlohmann::json;

std::string item(const std::string& key, std::size_t index) { return key + "/" + std::to_string(index); }

/// A list of different whole numbers in ascending order, so that neighbouring choices are similar.
std::vector<int> numbers(const JsonReader& reader, const std::string& key, const json& list, int low, int high) {
  const std::string expected = "whole numbers from " + std::to_string(low) + " to " + std::to_string(high) +
                               " in ascending order, without repetition";
  if (!list.is_array() || list.empty()) reader.fail(key, "expected a list of " + expected);
  std::vector<int> result;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool whole = list[i].is_number_integer() && list[i] >= low && list[i] <= high;
    if (!whole || (!result.empty() && list[i].get<int>() <= result.back())) {
      reader.fail(item(key, i), "found " + list[i].dump() + ", expected " + expected);
    }
    result.push_back(list[i].get<int>());
  }
  return result;
}

void read_numbers(JsonReader& reader, const std::string& key, int low, int high, std::vector<int>& target) {
  if (reader.has(key)) target = numbers(reader, key, reader.value(key), low, high);
}

/// A list of different names out of `names`.
template <typename T, std::size_t N>
void read_names(JsonReader& reader, const std::string& key, const std::array<const char*, N>& names,
                const std::array<T, N>& values, std::vector<T>& target) {
  if (!reader.has(key)) return;
  const json& list = reader.array(key);
  if (list.empty()) reader.fail(key, "expected at least one name");
  target.clear();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json one = {{item(key, i), list[i]}};
    JsonReader entry(one, reader.source(), reader.pointer());
    const std::string name = entry.choice(item(key, i), {names.begin(), names.end()});
    const T value = values[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
    if (std::find(target.begin(), target.end(), value) != target.end()) {
      reader.fail(item(key, i), "'" + name + "' stands in the list twice");
    }
    target.push_back(value);
  }
}

template <typename T, std::size_t N>
constexpr std::array<T, N> enumeration() {
  std::array<T, N> values{};
  for (std::size_t i = 0; i < N; ++i) values[i] = static_cast<T>(i);
  return values;
}

constexpr auto kBlocks = enumeration<BlockKind, kBlockNames.size()>();
constexpr auto kDownsamplings = enumeration<Downsampling, kDownsamplingNames.size()>();
constexpr std::array kActivations{ActivationKind::relu, ActivationKind::relu6, ActivationKind::hard_swish,
                                  ActivationKind::silu, ActivationKind::gelu};

std::array<const char*, kActivations.size()> activation_names() {
  std::array<const char*, kActivations.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = to_string(kActivations[i]);
  return names;
}

constexpr int kSmallImage = 64;  ///< px; up to here a stem of stride 4 would throw away what there is to see

std::vector<int> default_reductions(const std::vector<int>& px) {
  if (px.back() <= kSmallImage) return {1, 2};
  return px.front() <= kSmallImage ? std::vector<int>{1, 2, 4} : std::vector<int>{2, 4};
}

template <typename T, typename Names>
json names_of(const std::vector<T>& values, const Names& names) {
  json list = json::array();
  for (const T value : values) list.push_back(names[static_cast<std::size_t>(value)]);
  return list;
}

}  // namespace

Options::Options()
    : blocks(kBlocks.begin(), kBlocks.end()),
      widths{{8, 12, 16, 24}, {16, 24, 32, 40}, {24, 32, 48, 64, 96}, {32, 48, 64, 96, 128}, {48, 64, 96, 128, 192}},
      stem_reductions(default_reductions(px)),
      downsampling(kDownsamplings.begin(), kDownsamplings.end()) {}

Options options_from_json(const json& value, const std::string& source, const std::string& pointer) {
  constexpr int kMaxWidth = 2048;
  JsonReader reader(value, source, pointer);
  reader.choice("kind", {"columnar"}, "columnar");
  Options options;
  if (reader.has("px")) {
    const json& px = reader.value("px");
    options.px = numbers(reader, "px", px.is_array() ? px : json::array({px}), 16, 1024);
  }
  options.stem_reductions = default_reductions(options.px);
  options.channels = static_cast<int>(reader.integer("channels", 1, 64, options.channels));
  options.classes = static_cast<int>(reader.integer("classes", 2, 100'000, options.classes));
  options.max_stages = static_cast<int>(reader.integer("max_stages", 1, kMaxStages, options.max_stages));
  options.min_stages = static_cast<int>(
      reader.integer("min_stages", 1, options.max_stages, std::min(options.min_stages, options.max_stages)));
  options.max_columns = static_cast<int>(reader.integer("max_columns", 1, kMaxColumns, options.max_columns));
  read_names(reader, "blocks", kBlockNames, kBlocks, options.blocks);
  if (reader.has("widths")) {
    const json& lists = reader.array("widths");
    if (static_cast<int>(lists.size()) < options.max_stages || lists.size() > kMaxStages) {
      reader.fail("widths", "found " + std::to_string(lists.size()) +
                                " lists, expected one for each of the stages (max_stages is " +
                                std::to_string(options.max_stages) + ")");
    }
    options.widths.clear();
    for (std::size_t i = 0; i < lists.size(); ++i) {
      options.widths.push_back(numbers(reader, item("widths", i), lists[i], 4, kMaxWidth));
    }
  }
  read_numbers(reader, "depths", 1, 16, options.depths);
  read_numbers(reader, "kernels", 1, 11, options.kernels);
  read_numbers(reader, "fused_kernels", 1, 11, options.fused_kernels);
  read_numbers(reader, "expansions", 1, 16, options.expansions);
  read_numbers(reader, "groups", 1, 64, options.groups);
  read_numbers(reader, "stem_reductions", 1, 4, options.stem_reductions);
  for (std::size_t i = 0; i < options.stem_reductions.size(); ++i) {
    if (options.stem_reductions[i] == 3) reader.fail(item("stem_reductions", i), "found 3, expected 1, 2 or 4");
  }
  read_numbers(reader, "stem_widths", 4, kMaxWidth, options.stem_widths);
  read_numbers(reader, "head_widths", 4, 8192, options.head_widths);
  read_names(reader, "activations", activation_names(), kActivations, options.activations);
  read_names(reader, "downsampling", kDownsamplingNames, kDownsamplings, options.downsampling);
  options.dropout = reader.number("dropout", 0, 0.9, options.dropout);
  reader.finish();
  return options;
}

nlohmann::ordered_json to_json(const Options& options) {
  json activations = json::array();
  for (const ActivationKind kind : options.activations) activations.push_back(to_string(kind));
  return {{"kind", "columnar"},
          {"px", options.px.size() == 1 ? json(options.px.front()) : json(options.px)},
          {"channels", options.channels},
          {"classes", options.classes},
          {"min_stages", options.min_stages},
          {"max_stages", options.max_stages},
          {"max_columns", options.max_columns},
          {"blocks", names_of(options.blocks, kBlockNames)},
          {"widths", options.widths},
          {"depths", options.depths},
          {"kernels", options.kernels},
          {"fused_kernels", options.fused_kernels},
          {"expansions", options.expansions},
          {"groups", options.groups},
          {"stem_reductions", options.stem_reductions},
          {"stem_widths", options.stem_widths},
          {"head_widths", options.head_widths},
          {"activations", activations},
          {"downsampling", names_of(options.downsampling, kDownsamplingNames)},
          {"dropout", options.dropout}};
}

}  // namespace gensynth::columnar
