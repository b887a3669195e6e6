#include "architecture/base/option.hpp"

#include <type_traits>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::lowest();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

bool is_limited(const Option& option) { return option.low < option.high; }

/// The nearest whole number of 64 bits; a limit may be infinite.
std::int64_t whole_limit(double limit) {
  if (limit >= static_cast<double>(kHighest)) return kHighest;
  if (limit <= static_cast<double>(kLowest)) return kLowest;
  return static_cast<std::int64_t>(limit);
}

double finite_limit(double limit) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::min(std::max(limit, -kMost), kMost);
}

template <class T>
constexpr const char* type_name() {
  if constexpr (std::is_same_v<T, bool>) return "boolean";
  if constexpr (std::is_integral_v<T>) return "integer";
  if constexpr (std::is_floating_point_v<T>) return "number";
  return "string";
}

/// A member that could not hold every accepted value would change it silently.
template <class T>
void check_range(const Option& option) {
  if constexpr (std::is_same_v<T, int>) {
    if (!is_limited(option) || option.low < std::numeric_limits<int>::lowest() ||
        option.high > std::numeric_limits<int>::max()) {
      throw Error("option '" + option.name + "': its range does not fit its member", ErrorKind::internal);
    }
  }
}

}  // namespace

json read_option(JsonReader& reader, const Option& option) {
  if (!reader.has(option.name)) {
    if (!option.fallback.is_null()) return option.fallback;
    reader.fail("", "missing key '" + option.name + "' (" + option.help + ")");
  }
  const bool limited = is_limited(option);
  if (option.type == "number") {
    constexpr double kNoLimit = std::numeric_limits<double>::max();
    return reader.number(option.name, limited ? finite_limit(option.low) : -kNoLimit,
                         limited ? finite_limit(option.high) : kNoLimit);
  }
  if (option.type == "integer") {
    return reader.integer(option.name, limited ? whole_limit(option.low) : kLowest,
                          limited ? whole_limit(option.high) : kHighest);
  }
  if (option.type == "boolean") return reader.boolean(option.name);
  return option.choices.empty() ? reader.string(option.name) : reader.choice(option.name, option.choices);
}

OptionTable::Entry& OptionTable::add_value(Option option, std::function<Member(void*)> member, void* defaults) {
  std::visit(
      [&](auto* value) {
        using T = std::remove_pointer_t<decltype(value)>;
        option.type = type_name<T>();
        option.fallback = *value;
        check_range<T>(option);
      },
      member(defaults));
  Entry entry;
  entry.option = std::move(option);
  entry.member = std::move(member);
  return entries_.emplace_back(std::move(entry));
}

void OptionTable::read_members(JsonReader& reader, void* object) const {
  for (const Entry& entry : entries_) {
    const std::string& name = entry.option.name;
    if (entry.included) {
      entry.part_options->read_members(reader, entry.part(object));
    } else if (entry.part_options != nullptr) {
      if (reader.has(name)) {
        if (entry.enabled && reader.value(name).is_null()) {
          *entry.enabled(object) = false;
        } else {
          entry.part_options->read_whole(reader.value(name), reader.source(), reader.at(name), entry.part(object));
        }
      }
    } else if (entry.read) {
      entry.read(reader, object);
    } else if (reader.has(name)) {
      const json value = read_option(reader, entry.option);
      std::visit([&](auto* member) { *member = value.get<std::remove_pointer_t<decltype(member)>>(); },
                 entry.member(object));
    }
    if (entry.after) entry.after(reader, object);
  }
}

void OptionTable::read_whole(const json& value, const std::string& source, const std::string& pointer,
                             void* object) const {
  JsonReader reader(value, source, pointer);
  read_members(reader, object);
  reader.finish();
}

void OptionTable::write_members(const void* object, ordered_json& result) const {
  void* const members = const_cast<void*>(object);  // accessors serve reading as well; nothing is written here
  for (const Entry& entry : entries_) {
    const std::string& name = entry.option.name;
    if (entry.included) {
      entry.part_options->write_members(entry.part(members), result);
    } else if (entry.enabled && !*entry.enabled(members)) {
      result[name] = nullptr;
    } else if (entry.part_options != nullptr) {
      result[name] = ordered_json::object();
      entry.part_options->write_members(entry.part(members), result[name]);
    } else if (entry.write) {
      entry.write(object, result);
    } else {
      std::visit([&](const auto* member) { result[name] = *member; }, entry.member(members));
    }
  }
}

const Option& OptionTable::option(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (!entry.included && entry.option.name == name) return entry.option;
  }
  throw Error("no option '" + name + "' is declared", ErrorKind::internal);
}

std::vector<std::string> OptionTable::names() const {
  std::vector<std::string> result;
  for (const Entry& entry : entries_) {
    if (entry.part_options == nullptr) {
      result.push_back(entry.option.name);
      continue;
    }
    for (const std::string& name : entry.part_options->names()) {
      result.push_back(entry.included ? name : entry.option.name + "." + name);
    }
  }
  return result;
}

}  // namespace gensynth
