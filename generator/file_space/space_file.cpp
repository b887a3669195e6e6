#include "generator/file_space/space_file.hpp"

#include <algorithm>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::file_space {
namespace {

using nlohmann::json;

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool ascending_numbers(const std::vector<json>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_number() || (i > 0 && values[i] <= values[i - 1])) return false;
  }
  return values.size() > 1;
}

bool is_choose(const json& value) { return value.is_object() && value.contains("choose"); }

/// How many vertices and groups there are when every group repeats as often as it can, or more than the limit.
int most_items(const std::vector<Item>& items, const std::vector<Choice>& choices) {
  std::int64_t sum = 0;
  for (const Item& item : items) {
    std::int64_t repeat = item.repeat;
    if (item.repeat_choice >= 0) {
      repeat = 0;
      for (const json& count : choices[static_cast<std::size_t>(item.repeat_choice)].values) {
        repeat = std::max(repeat, count.get<std::int64_t>());
      }
    }
    sum += item.group ? 1 + repeat * most_items(item.items, choices) : 1;
    if (sum > kMostItems) return kMostItems + 1;
  }
  return static_cast<int>(sum);
}

class Parser {
 public:
  Parser(const json& value, std::string source, std::string pointer)
      : value_(value), source_(std::move(source)), pointer_(std::move(pointer)) {}

  SpaceFile parse() {
    JsonReader reader(value_, source_, pointer_);
    reader.format("gensynth.space", 1);
    file_.name = reader.string("name");
    if (file_.name.empty()) reader.fail("name", "expected a name, found an empty string");
    if (reader.has("choices")) read_table(reader.object("choices"), reader.value("choices"));
    file_.input = reader.value("input");
    if (is_choose(file_.input)) file_.input_choice = read_choose(file_.input, reader.at("input"), "", "input");
    file_.items = read_items(reader.array("vertices"), reader.at("vertices"), "");
    file_.output = reader.string("output");
    reader.finish();
    if (most_items(file_.items, file_.choices) > kMostItems) {
      reader.fail("vertices", "more than " + std::to_string(kMostItems) +
                                  " vertices and groups when every group repeats as often as it can");
    }
    for (std::size_t i = 0; i < file_.choices.size(); ++i) {
      if (used_.count(static_cast<int>(i)) == 0) {
        throw Error(source_ + ": " + reader.at("choices") + "/" + file_.choices[i].name +
                    ": no vertex uses this choice");
      }
    }
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& pointer, const std::string& what) const {
    throw Error(source_ + ": " + pointer + ": " + what);
  }

  int add_choice(Choice choice, const std::string& pointer) {
    for (std::size_t i = 0; i < choice.values.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (choice.values[i] == choice.values[j]) {
          fail(pointer, "the value " + choice.values[i].dump() + " stands in the list twice");
        }
      }
    }
    choice.ordinal = ascending_numbers(choice.values);
    const int index = static_cast<int>(file_.choices.size());
    if (!file_.by_name.emplace(canonical_name(choice.name), index).second) {
      fail(pointer, "a second choice is called '" + choice.name + "'");
    }
    file_.choices.push_back(std::move(choice));
    return index;
  }

  std::vector<json> read_values(const json& list, const std::string& pointer) const {
    if (!list.is_array() || list.empty()) fail(pointer, "expected a list of at least one value");
    return {list.begin(), list.end()};
  }

  void read_table(const JsonReader& table, const json& entries) {
    for (const auto& [name, values] : entries.items()) {
      if (name.empty() || name.find('.') != std::string::npos || is_number(name)) {
        table.fail(name, "the name of a choice has a letter and no dot");
      }
      add_choice({name, read_values(values, table.at(name)), false, true}, table.at(name));
    }
  }

  /// {"choose": "width"} refers to the table; {"choose": [3, 5], "name": "k"} asks in place.
  int read_choose(const json& value, const std::string& pointer, const std::string& prefix,
                  const std::string& fallback) {
    JsonReader reader(value, source_, pointer);
    const json& choose = reader.value("choose");
    int index = -1;
    if (choose.is_string()) {
      index = find_shared(reader, choose.get<std::string>());
    } else {
      std::string name = prefix + fallback;
      if (reader.has("name")) {
        const std::string given = reader.string("name");
        if (given.empty() || given.find('.') != std::string::npos || is_number(given)) {
          reader.fail("name", "found '" + given + "', expected a name with a letter and no dot");
        }
        name = prefix + given;
      }
      index = add_choice({name, read_values(choose, reader.at("choose")), false, false}, pointer);
    }
    reader.finish();
    used_.insert(index);
    return index;
  }

  int find_shared(const JsonReader& reader, const std::string& name) const {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < file_.choices.size(); ++i) {
      if (!file_.choices[i].shared) continue;
      if (file_.choices[i].name == name) return static_cast<int>(i);
      known.push_back(file_.choices[i].name);
    }
    reader.fail("choose", "'" + name + "' is not in the table of choices" + suggestion(name, known));
  }

  std::vector<Item> read_items(const json& list, const std::string& pointer, const std::string& prefix) {
    std::vector<Item> items;
    std::set<std::string> ids;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string at = pointer + "/" + std::to_string(i);
      JsonReader reader(list[i], source_, at);
      const std::string id = reader.string("id");
      if (id.empty() || id.find('.') != std::string::npos || is_number(id) || id == "previous") {
        reader.fail("id", "found '" + id + "', expected a name with a letter and no dot, other than 'previous'");
      }
      if (!ids.insert(id).second) reader.fail("id", "'" + id + "' is already an id of this list");
      items.push_back(reader.has("repeat") ? read_group(reader, id, prefix) : read_vertex(list[i], id, at, prefix));
    }
    return items;
  }

  Item read_vertex(const json& value, const std::string& id, const std::string& pointer, const std::string& prefix) {
    Item item;
    item.id = id;
    item.pointer = pointer;
    item.fixed = json::object();
    for (const auto& [key, attribute] : value.items()) {
      if (!is_choose(attribute)) {
        item.fixed[key] = attribute;
        continue;
      }
      item.chosen.emplace_back(key, read_choose(attribute, pointer + "/" + key, prefix, id + "." + key));
    }
    check_with(value, item);
    return item;
  }

  /// "with" chooses several attributes at once, such as a kernel and its padding.
  void check_with(const json& value, const Item& item) const {
    if (item.fixed.contains("with")) {
      fail(item.pointer + "/with", "expected {\"choose\": ...} with objects of attributes to choose from");
    }
    for (const auto& [key, index] : item.chosen) {
      if (key == "id") fail(item.pointer + "/id", "an id cannot be chosen");
      if (key != "with") continue;
      for (const json& attributes : file_.choices[static_cast<std::size_t>(index)].values) {
        if (!attributes.is_object()) {
          fail(item.pointer + "/with", "found " + attributes.dump() + ", expected an object of attributes");
        }
        for (const auto& [name, attribute] : attributes.items()) {
          if (value.contains(name)) fail(item.pointer + "/with", "'" + name + "' is also set by the vertex itself");
        }
      }
    }
  }

  Item read_group(JsonReader& reader, const std::string& id, const std::string& prefix) {
    Item item;
    item.id = id;
    item.pointer = reader.pointer();
    item.group = true;
    const json& repeat = reader.value("repeat");
    if (is_choose(repeat)) {
      item.repeat_choice = read_choose(repeat, reader.at("repeat"), prefix, id + ".repeat");
      for (const json& count : file_.choices[static_cast<std::size_t>(item.repeat_choice)].values) {
        if (!count.is_number_integer() || count < 0 || count > kMaxRepeat) {
          reader.fail("repeat", "the choice has " + count.dump() + ", expected whole numbers from 0 to " +
                                    std::to_string(kMaxRepeat));
        }
      }
    } else {
      item.repeat = static_cast<int>(reader.integer("repeat", 0, kMaxRepeat));
    }
    item.input = reader.string("input");
    item.output = reader.string("output");
    item.items = read_items(reader.array("vertices"), reader.at("vertices"), prefix + id + ".*.");
    reader.finish();
    return item;
  }

  const json& value_;
  std::string source_;
  std::string pointer_;
  SpaceFile file_;
  std::set<int> used_;
};

}  // namespace

std::string canonical_name(const std::string& name) {
  std::string canonical;
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string segment = name.substr(begin, end - begin);
    canonical += (begin > 0 ? "." : "") + (is_number(segment) ? "*" : segment);
    begin = end + 1;
  }
  return canonical;
}

SpaceFile parse_space_file(const json& value, const std::string& source, const std::string& pointer) {
  return Parser(value, source, pointer).parse();
}

}  // namespace gensynth::file_space
