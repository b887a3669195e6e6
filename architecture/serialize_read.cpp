#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <queue>
#include <unordered_map>

#include "architecture/attributes.hpp"
#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/serialize.hpp"

namespace gensynth {
namespace {

using nlohmann::json;

constexpr int kIntMin = std::numeric_limits<int>::min();
constexpr int kIntMax = std::numeric_limits<int>::max();
constexpr double kDoubleMax = std::numeric_limits<double>::max();

/// One default-constructed operator of each kind, in the variant's order.
template <std::size_t... I>
std::vector<Operator> all_operators(std::index_sequence<I...>) {
  return {Operator(std::in_place_index<I>)...};
}
const std::vector<Operator>& all_operators() {
  static const auto operators = all_operators(std::make_index_sequence<std::variant_size_v<Operator>>());
  return operators;
}

const std::vector<std::string>& operator_names() {
  static const auto names = [] {
    std::vector<std::string> result;
    for (const Operator& op : all_operators()) result.emplace_back(operator_name(op));
    return result;
  }();
  return names;
}

/// The words of an enumeration whose values count from 0 to `last`.
template <class Enum>
std::vector<std::string> words_up_to(Enum last) {
  std::vector<std::string> result;
  for (int i = 0; i <= static_cast<int>(last); ++i) result.emplace_back(to_string(static_cast<Enum>(i)));
  return result;
}

template <class Enum>
void read_choice(JsonReader& reader, const char* key, Enum last, Enum& value) {
  const std::vector<std::string> words = words_up_to(last);
  const std::string word = reader.choice(key, words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) value = static_cast<Enum>(i);
  }
}

// infer_shape checks the ranges together with the shapes; here a number only has to fit its type.
void read_value(JsonReader& reader, const char* key, int& value) {
  value = static_cast<int>(reader.integer(key, kIntMin, kIntMax));
}
void read_value(JsonReader& reader, const char* key, double& value) {
  value = reader.number(key, -kDoubleMax, kDoubleMax);
}
void read_value(JsonReader& reader, const char* key, bool& value) { value = reader.boolean(key); }
void read_value(JsonReader& reader, const char* key, ActivationKind& value) {
  read_choice(reader, key, ActivationKind::tanh, value);
}
void read_value(JsonReader& reader, const char* key, PoolKind& value) {
  read_choice(reader, key, PoolKind::average, value);
}
void read_value(JsonReader& reader, const char* key, ResizeMode& value) {
  read_choice(reader, key, ResizeMode::bilinear, value);
}
void read_value(JsonReader& reader, const char* key, Pair& value) {
  const json& item = reader.value(key);
  if (!item.is_array()) {
    value.h = value.w = static_cast<int>(reader.integer(key, kIntMin, kIntMax));
    return;
  }
  if (item.size() != 2 || !item[0].is_number_integer() || !item[1].is_number_integer() || item[0] < kIntMin ||
      item[0] > kIntMax || item[1] < kIntMin || item[1] > kIntMax) {
    reader.fail(key, "expected a whole number or [height, width]");
  }
  value = {item[0].get<int>(), item[1].get<int>()};
}

Operator read_operator(JsonReader& reader) {
  const std::string name = reader.choice("op", operator_names());
  std::size_t index = 0;
  while (operator_names()[index] != name) ++index;
  Operator op = all_operators()[index];
  std::visit(
      [&]<class Op>(Op& concrete) {
        attributes(OperatorTag<Op>{}, [&](const char* key, auto member, Presence presence) {
          if (presence == Presence::required || reader.has(key)) read_value(reader, key, concrete.*member);
        });
      },
      op);
  return op;
}

struct Entry {
  std::string pointer;
  std::string id;
  Operator op;
  Placement placement;
  std::vector<std::string> inputs;
};

Entry read_entry(const json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  Entry entry{pointer, reader.string("id"), {}, {}, {}};
  if (entry.id.empty()) reader.fail("id", "expected a name, found an empty string");
  entry.op = read_operator(reader);
  const bool is_input = std::holds_alternative<Input>(entry.op);
  if (!is_input || reader.has("inputs")) {
    const json& inputs = reader.array("inputs");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].is_string()) {
        throw Error(source + ": " + pointer + "/inputs/" + std::to_string(i) + ": expected a vertex id");
      }
      entry.inputs.push_back(inputs[i].get<std::string>());
    }
    if (is_input && !entry.inputs.empty()) reader.fail("inputs", "expected none for the network's input");
  }
  const auto place = [&](const char* key) { return static_cast<int>(reader.integer(key, 0, kIntMax, -1)); };
  entry.placement = {place("stage"), place("column"), place("block"), is_input ? Role::input : Role::none};
  if (reader.has("role")) read_choice(reader, "role", Role::head, entry.placement.role);
  reader.finish();
  return entry;
}

Shape read_input_shape(JsonReader& reader) {
  const json& dims = reader.array("input");
  bool valid = dims.size() == 4;
  for (const json& extent : dims) valid = valid && extent.is_number_integer() && extent >= 1 && extent <= kIntMax;
  if (!valid || dims[0] != 1) reader.fail("input", "expected [1, channels, height, width]");
  return {Layout::map, dims[1].get<int>(), dims[2].get<int>(), dims[3].get<int>()};
}

/// The graph of a file before it is known to be acyclic; vertex i is entries[i].
struct FileGraph {
  std::vector<Entry> entries;
  std::unordered_map<std::string, int> index;  ///< by id
  std::vector<std::vector<int>> inputs;
  std::vector<std::vector<int>> users;
};

FileGraph link(std::vector<Entry> entries, const std::string& source) {
  FileGraph file{std::move(entries), {}, {}, {}};
  const std::size_t count = file.entries.size();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    const Entry& entry = file.entries[i];
    if (const auto [found, fresh] = file.index.emplace(entry.id, static_cast<int>(i)); !fresh) {
      throw Error(source + ": " + entry.pointer + "/id: '" + entry.id + "' is already the id of " +
                  file.entries[static_cast<std::size_t>(found->second)].pointer);
    }
    ids.push_back(entry.id);
  }
  file.inputs.resize(count);
  file.users.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& name : file.entries[i].inputs) {
      const auto found = file.index.find(name);
      if (found == file.index.end()) {
        throw Error(source + ": " + file.entries[i].pointer + "/inputs: vertex '" + file.entries[i].id + "' reads '" +
                    name + "', which is not a vertex" + suggestion(name, ids));
      }
      file.inputs[i].push_back(found->second);
      file.users[static_cast<std::size_t>(found->second)].push_back(static_cast<int>(i));
    }
  }
  return file;
}

/// "a -> b -> a", where every vertex is read by the next. `order` is what could be sorted.
std::string cycle_text(const FileGraph& file, const std::vector<int>& order) {
  std::vector<char> sorted(file.entries.size(), 0);
  for (const int v : order) sorted[static_cast<std::size_t>(v)] = 1;
  int v = 0;
  while (sorted[static_cast<std::size_t>(v)] != 0) ++v;
  // An unsorted vertex always has an unsorted input, so that following inputs must close a cycle.
  std::vector<int> path;
  std::vector<int> position(file.entries.size(), -1);
  while (position[static_cast<std::size_t>(v)] < 0) {
    position[static_cast<std::size_t>(v)] = static_cast<int>(path.size());
    path.push_back(v);
    for (const int u : file.inputs[static_cast<std::size_t>(v)]) {
      if (sorted[static_cast<std::size_t>(u)] == 0) {
        v = u;
        break;
      }
    }
  }
  std::string text = file.entries[static_cast<std::size_t>(v)].id;
  for (std::size_t i = path.size(); i-- > static_cast<std::size_t>(position[static_cast<std::size_t>(v)]);) {
    text += " -> " + file.entries[static_cast<std::size_t>(path[i])].id;
  }
  return text;
}

/// A topological order that keeps the order of the file where that is one.
std::vector<int> sorted_order(const FileGraph& file, const std::string& source, const std::string& pointer) {
  std::vector<std::size_t> missing;
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    missing.push_back(file.inputs[i].size());
    if (file.inputs[i].empty()) ready.push(static_cast<int>(i));
  }
  std::vector<int> order;
  while (!ready.empty()) {
    const int v = ready.top();
    ready.pop();
    order.push_back(v);
    for (const int user : file.users[static_cast<std::size_t>(v)]) {
      if (--missing[static_cast<std::size_t>(user)] == 0) ready.push(user);
    }
  }
  if (order.size() < file.entries.size()) {
    throw Error(source + ": " + pointer + "/vertices: the graph has a cycle: " + cycle_text(file, order));
  }
  return order;
}

std::vector<Entry> read_entries(const json& vertices, const std::string& source, const std::string& pointer) {
  std::vector<Entry> entries;
  int input_index = -1;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    entries.push_back(read_entry(vertices[i], source, pointer + "/vertices/" + std::to_string(i)));
    if (!std::holds_alternative<Input>(entries.back().op)) continue;
    if (input_index >= 0) {
      throw Error(source + ": " + entries.back().pointer + ": a second input '" + entries.back().id + "' beside '" +
                  entries[static_cast<std::size_t>(input_index)].id + "', expected one");
    }
    input_index = static_cast<int>(i);
  }
  if (input_index < 0) {
    entries.insert(entries.begin(), {pointer + "/input", "input", Input{}, {-1, -1, -1, Role::input}, {}});
  }
  return entries;
}

/// The search space is not known here, so that only the form of the genotype is checked.
void check_genotype(JsonReader& reader) {
  if (!reader.has("genotype")) return;
  for (const json& answer : reader.array("genotype")) {
    if (!answer.is_number_unsigned() || answer.get<std::uint64_t>() > kIntMax) {
      reader.fail("genotype", "expected an array of whole numbers from 0 to " + std::to_string(kIntMax));
    }
  }
}

}  // namespace

Architecture architecture_from_json(const json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  reader.format("gensynth.architecture", 1);
  const std::string name = reader.string("name");
  const Shape input_shape = read_input_shape(reader);
  const FileGraph file = link(read_entries(reader.array("vertices"), source, pointer), source);
  const std::string output = reader.string("output");
  check_genotype(reader);
  std::optional<ModelCard> card;
  if (reader.has("card")) card = card_in(value, source, pointer);
  reader.finish();

  if (file.index.count(output) == 0) {
    std::vector<std::string> ids;
    for (const Entry& entry : file.entries) ids.push_back(entry.id);
    reader.fail("output", "'" + output + "' is not a vertex" + suggestion(output, ids));
  }
  const std::vector<int> order = sorted_order(file, source, pointer);
  std::vector<int> built(file.entries.size(), -1);
  std::string place = source + ": " + reader.at("input") + ": ";
  try {
    const auto input = std::find_if(file.entries.begin(), file.entries.end(),
                                    [](const Entry& entry) { return std::holds_alternative<Input>(entry.op); });
    ArchitectureBuilder builder(name, input_shape, input->placement, input->id);
    built[static_cast<std::size_t>(input - file.entries.begin())] = builder.input();
    std::vector<int> inputs;
    for (const int v : order) {
      const Entry& entry = file.entries[static_cast<std::size_t>(v)];
      if (std::holds_alternative<Input>(entry.op)) continue;
      inputs.clear();
      for (const int u : file.inputs[static_cast<std::size_t>(v)]) inputs.push_back(built[static_cast<std::size_t>(u)]);
      place = source + ": " + entry.pointer + ": ";
      built[static_cast<std::size_t>(v)] = builder.add(entry.op, inputs, entry.placement, entry.id);
    }
    place = source + ": " + reader.at("vertices") + ": ";
    const Architecture architecture = builder.build(built[static_cast<std::size_t>(file.index.at(output))]);
    place.clear();
    if (card) check_card(*card, architecture, source + ": " + pointer + "/card");
    return architecture;
  } catch (const Error& error) {
    throw Error(place + error.what());
  }
}

Architecture read_architecture(const std::string& path) { return architecture_from_json(read_json_file(path), path); }

}  // namespace gensynth
