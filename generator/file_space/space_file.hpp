#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace gensynth::file_space {

/// One choice of a file: from its table (one answer for all uses) or written at a vertex (one answer for each vertex
/// and repetition).
struct Choice {
  std::string name;
  std::vector<nlohmann::json> values;
  bool ordinal = false;  ///< numbers in ascending order
  bool shared = false;
};

/// A vertex, or a group of items that repeats.
struct Item {
  std::string id;
  std::string pointer;
  // Vertex: its JSON without the attributes that have choices, and the choice of each of those.
  nlohmann::json fixed;
  std::vector<std::pair<std::string, int>> chosen;
  // Group:
  bool group = false;
  int repeat = 1;          ///< when repeat_choice is -1
  int repeat_choice = -1;  ///< index of a choice of whole numbers
  std::string input;       ///< what "previous" means in the first repetition
  std::string output;      ///< the vertex that the next repetition, or a reader of the group, reads
  std::vector<Item> items;
};

/// A "gensynth.space" file, version 1, with all checks that are possible without building.
struct SpaceFile {
  std::string name;
  nlohmann::json input;   ///< [1, channels, height, width] when input_choice is -1
  int input_choice = -1;  ///< index of a choice of such shapes
  std::vector<Choice> choices;
  std::vector<Item> items;
  std::string output;
  std::map<std::string, int> by_name;  ///< choices by canonical decision name
};

/// Throws Error naming source, pointer, value and what was expected.
SpaceFile parse_space_file(const nlohmann::json& value, const std::string& source, const std::string& pointer);

/// A decision's name with every repetition number replaced by "*": "body.2.conv.kernel" -> "body.*.conv.kernel".
std::string canonical_name(const std::string& name);

inline constexpr int kMaxRepeat = 64;
inline constexpr int kMostItems = 20'000;  ///< vertices and groups, repetitions counted: far more than any network has

}  // namespace gensynth::file_space
