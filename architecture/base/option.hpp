#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gensynth {

class JsonReader;

/// One key of a JSON object: its type, default, accepted values and meaning.
struct Option {
  std::string name;
  std::string type;                       ///< "number", "integer", "boolean", "string"; "" if `schema` defines it
  nlohmann::json fallback = nullptr;      ///< null: the user must give a value
  double low = 0, high = 0;               ///< of numbers, where low < high; may be infinite
  std::vector<std::string> choices = {};  ///< of strings, where not empty
  std::string help = {};                  ///< a phrase, with its unit
};

/// Reads a checked value: type, range and choices. Throws Error with the place; a missing key gives `fallback`, or an
/// Error where that is null.
nlohmann::json read_option(JsonReader& reader, const Option& option);

/// Describes the accepted values of an option.
struct Values {
  double low = 0, high = 0;
  std::vector<std::string> choices = {};
};
inline Values between(double low, double high) { return {low, high}; }
inline Values at_least(double low) { return {low, std::numeric_limits<double>::infinity()}; }
inline Values one_of(std::vector<std::string> choices) { return {0, 0, std::move(choices)}; }
inline Values anything() { return {}; }

/// The names of the values of an enum in JSON, in the order of the documentation.
template <class E>
using EnumNames = std::vector<std::pair<E, std::string>>;
template <class E>
const std::string& enum_name(const EnumNames<E>& names, E value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  throw std::logic_error("an enum's value has no name");
}

/// The keys of a JSON object, in order, each bound to a member of a struct. From the one declaration follow reading,
/// the effective JSON, the JSON schema and the table of the documentation. Use it as OptionList<Struct>. Immutable once
/// declared, and then thread-safe.
class OptionTable {
 public:
  using Member = std::variant<int*, std::int64_t*, std::uint64_t*, double*, bool*, std::string*>;

  struct Entry {
    Option option;
    std::string shown_default = {};  ///< the default in the documentation, if it is not simply `option.fallback`
    std::string shown_values = {};   ///< the same for the accepted values
    std::string schema = {};         ///< JSON that is merged into the generated schema of this key

    std::function<Member(void*)> member = {};
    /// For values of other types, both are set and `member` is not. `write` adds the key or leaves it out.
    std::function<void(JsonReader&, void*)> read = {};
    std::function<void(const void*, nlohmann::ordered_json&)> write = {};
    /// Runs after the key was read or found missing; makes checks and sets defaults of later keys that depend on it.
    std::function<void(JsonReader&, void*)> after = {};

    const OptionTable* part_options = nullptr;  ///< an object of its own, or keys that are included here
    std::function<void*(void*)> part = {};
    std::vector<std::string> schema_short = {};  ///< names that stand for an object; who reads the JSON replaces them
    bool included = false;
    std::function<bool*(void*)> enabled = {};  ///< of an object that may be null, which sets it to false
  };

  /// Reads every key that is present; the other members of `object` keep their values.
  void read_members(JsonReader& reader, void* object) const;
  void write_members(const void* object, nlohmann::ordered_json& result) const;
  /// Reads a whole JSON object: unknown keys are errors.
  void read_whole(const nlohmann::json& value, const std::string& source, const std::string& pointer,
                  void* object) const;

  /// JSON schema (draft-07) of the object.
  nlohmann::ordered_json schema() const;
  /// Rows of a Markdown table: key, default, accepted values, meaning. `prefix` comes before each key.
  std::string markdown_rows(const std::string& prefix = "") const;
  /// Names of all keys, those of included lists among them; nested ones as "teaching.rounds".
  std::vector<std::string> names() const;
  const Option& option(const std::string& name) const;  ///< throws Error (internal) for a name that is not declared

  /// Members of the object's schema beside "properties", such as conditions between keys.
  std::string object_schema;

 protected:
  Entry& add_value(Option option, std::function<Member(void*)> member, void* defaults);
  std::list<Entry> entries_;  // entries are refined by reference while later ones are added
};

/// The heads of the table that `markdown_rows` fills.
std::string markdown_head();

template <class T>
class OptionList : public OptionTable {
 public:
  /// A key for a number, text or flag; the default is that of a default-constructed T.
  template <class M, class Base>
  Entry& add(const char* name, M Base::*member, Values values, const char* help) {
    T defaults{};
    return add_value(
        {name, "", nullptr, values.low, values.high, std::move(values.choices), help},
        [member](void* object) { return Member(&(static_cast<T*>(object)->*member)); }, &defaults);
  }
  /// A key for an enum, which JSON gives by name.
  template <class E, class Base>
  Entry& add_enum(const char* name, E Base::*member, const EnumNames<E>& names, const char* help) {
    Entry entry;
    entry.option = {name, "string", enum_name(names, T{}.*member), 0, 0, {}, help};
    for (const auto& [value, text] : names) entry.option.choices.push_back(text);
    entry.read = [option = entry.option, names, member](JsonReader& reader, void* object) {
      const std::string text = read_option(reader, option).template get<std::string>();
      for (const auto& [value, known] : names) {
        if (known == text) static_cast<T*>(object)->*member = value;
      }
    };
    entry.write = [name, names, member](const void* object, nlohmann::ordered_json& result) {
      result[name] = enum_name(names, static_cast<const T*>(object)->*member);
    };
    return entries_.emplace_back(std::move(entry));
  }
  /// A key of another type. `schema`: JSON schema of its value.
  Entry& custom(const char* name, const char* help, const char* schema, std::function<void(JsonReader&, T&)> read,
                std::function<void(const T&, nlohmann::ordered_json&)> write) {
    Entry entry;
    entry.option.name = name;
    entry.option.help = help;
    entry.schema = schema;
    entry.read = [read = std::move(read)](JsonReader& reader, void* object) { read(reader, *static_cast<T*>(object)); };
    entry.write = [write = std::move(write)](const void* object, nlohmann::ordered_json& result) {
      write(*static_cast<const T*>(object), result);
    };
    return entries_.emplace_back(std::move(entry));
  }
  /// An object for a member of its own; `options` must outlive this list.
  template <class M>
  Entry& object(const char* name, M T::*member, const OptionList<M>& options, const char* help) {
    return part(
        name, [member](void* object) -> void* { return &(static_cast<T*>(object)->*member); }, options, help);
  }
  /// An object whose keys are members of T.
  Entry& object(const char* name, const OptionList<T>& options, const char* help) {
    return part(
        name, [](void* object) { return object; }, options, help);
  }
  /// Keys of a member that are beside the other keys instead of in an object of their own.
  template <class M>
  void include(M T::*member, const OptionList<M>& options) {
    object("", member, options, "").included = true;
  }
  /// The keys of another list for the same struct.
  void include(const OptionList<T>& options) { object("", options, "").included = true; }

  T read(const nlohmann::json& value, const std::string& source, const std::string& pointer) const {
    T result{};
    read_whole(value, source, pointer, &result);
    return result;
  }
  nlohmann::ordered_json write(const T& value) const {
    nlohmann::ordered_json result = nlohmann::ordered_json::object();
    write_members(&value, result);
    return result;
  }

 private:
  Entry& part(const char* name, std::function<void*(void*)> member, const OptionTable& options, const char* help) {
    Entry entry;
    entry.option.name = name;
    entry.option.help = help;
    entry.part_options = &options;
    entry.part = std::move(member);
    return entries_.emplace_back(std::move(entry));
  }
};

}  // namespace gensynth
