#include "architecture/zoo/once_for_all.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "architecture/base/error.hpp"
#include "architecture/zoo/blocks/blocks.hpp"

namespace gensynth::zoo {
namespace {

constexpr std::size_t kSlotsPerStage = 4;

/// One digit for each slot or stage. With `depth`, slots that do not exist may be 0, as in published tables of
/// sub-networks.
template <std::size_t N>
std::array<int, N> digits(const std::string& source, const std::string& key, const std::string& text,
                          const std::string& allowed, const std::array<int, 5>* depth = nullptr) {
  if (text.size() != N) {
    throw Error(source + ": " + key + " has " + std::to_string(text.size()) + " digits, expected " + std::to_string(N));
  }
  std::array<int, N> values{};
  for (std::size_t i = 0; i < N; ++i) {
    const bool left_out =
        depth != nullptr && i % kSlotsPerStage >= static_cast<std::size_t>((*depth)[i / kSlotsPerStage]);
    if (allowed.find(text[i]) == std::string::npos && !(left_out && text[i] == '0')) {
      throw Error(source + ": " + key + " digit " + std::to_string(i + 1) + " of " + std::to_string(N) + " is '" +
                  text[i] + "', expected one of " + allowed);
    }
    values[i] = text[i] - '0';
  }
  return values;
}

template <std::size_t N>
std::string joined(const std::array<int, N>& values) {
  std::string text;
  for (const int value : values) text += std::to_string(value);
  return text;
}

int resolution(const std::string& source, const std::string& text) {
  int px = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, px);
  if (error != std::errc{} || rest != end || px < 32 || px > 512) {
    throw Error(source + ": px is '" + text + "', expected an integer from 32 to 512");
  }
  return px;
}

}  // namespace

OnceForAllChoice parse_once_for_all(std::string_view name) {
  const std::string source = "Once-for-All network '" + std::string(name) + "'";
  std::string_view rest = name;
  if (!rest.starts_with(kOnceForAllPrefix)) throw Error(source + ": expected it to begin with " + kOnceForAllPrefix);
  rest.remove_prefix(std::string_view(kOnceForAllPrefix).size());
  const std::vector<std::string> known{"ks", "e", "d", "px"};
  std::map<std::string, std::string> values;
  for (std::size_t end = 0; end != std::string_view::npos; rest.remove_prefix(std::min(end + 1, rest.size()))) {
    end = rest.find(',');
    const std::string_view part = rest.substr(0, end);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string key(part.substr(0, equals));
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw Error(source + ": unknown key '" + key + "', expected ks, e, d and px, each as KEY=VALUE");
    }
    if (!values.emplace(key, part.substr(std::min(equals + 1, part.size()))).second) {
      throw Error(source + ": key '" + key + "' is given twice");
    }
    if (end == std::string_view::npos) break;
  }
  for (const std::string& key : known) {
    if (!values.contains(key)) throw Error(source + ": key '" + key + "' is missing, expected ks, e, d and px");
  }
  const auto depth = digits<5>(source, "d", values["d"], "234");
  return {.kernel = digits<20>(source, "ks", values["ks"], "357", &depth),
          .expansion = digits<20>(source, "e", values["e"], "346", &depth),
          .depth = depth,
          .px = resolution(source, values["px"])};
}

std::string to_string(const OnceForAllChoice& choice) {
  return kOnceForAllPrefix + ("ks=" + joined(choice.kernel)) + ",e=" + joined(choice.expansion) +
         ",d=" + joined(choice.depth) + ",px=" + std::to_string(choice.px);
}

Architecture once_for_all(const OnceForAllChoice& choice) {
  struct Stage {
    int width;
    int stride;
    const char* options;
  };
  constexpr std::array<Stage, 5> kStages{{{24, 2, " relu"},
                                          {40, 2, " hse=mid/4r8 relu"},
                                          {80, 2, " hard_swish"},
                                          {112, 1, " hse=mid/4r8 hard_swish"},
                                          {160, 2, " hse=mid/4r8 hard_swish"}}};
  std::string table = "conv k3 c16 s2 hard_swish; ir c16 relu; ";
  for (std::size_t stage = 0; stage < kStages.size(); ++stage) {
    for (std::size_t block = 0; block < static_cast<std::size_t>(choice.depth[stage]); ++block) {
      const std::size_t slot = stage * kSlotsPerStage + block;
      const int stride = block == 0 ? kStages[stage].stride : 1;
      table += "ir k" + std::to_string(choice.kernel[slot]) + " e" + std::to_string(choice.expansion[slot]) + " c" +
               std::to_string(kStages[stage].width) + " s" + std::to_string(stride) + kStages[stage].options + "; ";
    }
  }
  table += "conv c960 hard_swish; pool; conv c1280 nobn hard_swish; fc c1000";
  return zoo::build_network(to_string(choice), choice.px, table);
}

}  // namespace gensynth::zoo
