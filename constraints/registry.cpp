#include "constraints/registry.hpp"

#include <filesystem>
#include <limits>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "constraints/plugin/loader.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::constraints {
namespace {

using nlohmann::json;

constexpr double kNoLimit = std::numeric_limits<double>::max();

json read_parameter(JsonReader& reader, const ParameterInfo& info) {
  if (!reader.has(info.name)) {
    if (!info.fallback.is_null()) return info.fallback;
    reader.fail("", "missing key '" + info.name + "' (" + info.help + ")");
  }
  const bool limited = info.low < info.high;
  if (info.type == "number") {
    return reader.number(info.name, limited ? info.low : -kNoLimit, limited ? info.high : kNoLimit);
  }
  if (info.type == "integer") {
    constexpr std::int64_t kLow = std::numeric_limits<std::int64_t>::lowest();
    constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();
    return reader.integer(info.name, limited ? static_cast<std::int64_t>(info.low) : kLow,
                          limited ? static_cast<std::int64_t>(info.high) : kHigh);
  }
  if (info.type == "boolean") return reader.boolean(info.name);
  return info.choices.empty() ? reader.string(info.name) : reader.choice(info.name, info.choices);
}

std::string plugin_path(const std::string& path, const std::string& source) {
  const std::filesystem::path given(path);
  const std::filesystem::path full = given.is_absolute() ? given : std::filesystem::path(source).parent_path() / given;
  return std::filesystem::absolute(full).lexically_normal().string();
}

void check_info(const ConstraintInfo& info) {
  static const std::set<std::string> kTypes = {"number", "integer", "boolean", "string"};
  static const std::set<std::string> kReserved = {"constraint", "hard", "weight", "label", "plugin"};
  const std::string who = "constraint '" + info.name + "' (" + info.origin + ")";
  if (info.name.empty()) throw Error("a constraint without a name (" + info.origin + ")");
  std::set<std::string> names;
  for (const ParameterInfo& parameter : info.parameters) {
    if (kTypes.count(parameter.type) == 0) {
      throw Error(who + ": parameter '" + parameter.name + "' has type '" + parameter.type +
                  "', expected number, integer, boolean or string");
    }
    if (kReserved.count(parameter.name) != 0) {
      throw Error(who + ": parameter name '" + parameter.name + "' is reserved for all constraints");
    }
    if (!names.insert(parameter.name).second) throw Error(who + ": parameter '" + parameter.name + "' is given twice");
  }
}

/// What an entry says, checked. Holds the entry's kind by pointer into the registry.
struct CheckedEntry {
  const ConstraintInfo* info = nullptr;
  ConstraintArguments arguments;
  std::string plugin;  ///< absolute, or empty
};

CheckedEntry check_entry(ConstraintRegistry& registry, const json& entry, const std::string& source,
                         const std::string& pointer) {
  JsonReader reader(entry, source, pointer);
  CheckedEntry result;
  if (reader.has("plugin")) {
    result.plugin = plugin_path(reader.string("plugin"), source);
    try {
      registry.load_plugin(result.plugin);
    } catch (const Error& error) {
      reader.fail("plugin", error.what());
    }
  }
  std::vector<std::string> names;
  for (const ConstraintInfo* info : registry.list()) names.push_back(info->name);
  result.info = &registry.describe(reader.choice("constraint", names));
  result.arguments.name = reader.string("label", result.info->name);
  if (result.arguments.name.empty()) reader.fail("label", "expected some text, found \"\"");
  result.arguments.hard = reader.boolean("hard", result.info->hard_by_default);
  result.arguments.weight = reader.number("weight", 0, kNoLimit, 1.0);
  result.arguments.parameters = json::object();
  for (const ParameterInfo& parameter : result.info->parameters) reader.has(parameter.name);
  reader.finish();  // before a missing parameter is reported: the missing one may be the misspelt one
  for (const ParameterInfo& parameter : result.info->parameters) {
    result.arguments.parameters[parameter.name] = read_parameter(reader, parameter);
  }
  return result;
}

}  // namespace

ConstraintRegistry::ConstraintRegistry() { rules::register_builtin_rules(*this); }

void ConstraintRegistry::add(ConstraintInfo info, ConstraintFactory factory) {
  check_info(info);
  if (const auto found = kinds_.find(info.name); found != kinds_.end()) {
    throw Error("constraint '" + info.name + "' (" + info.origin + "): the name is taken by one that is " +
                found->second.info.origin);
  }
  std::string name = info.name;
  kinds_.emplace(std::move(name), Kind{std::move(info), std::move(factory)});
}

void ConstraintRegistry::load_plugin(const std::string& path) {
  const std::string full = plugin_path(path, "");
  for (const auto& [name, kind] : kinds_) {
    if (kind.info.origin == full) return;
  }
  std::vector<plugin::PluginConstraint> found = plugin::open_plugin(full);
  for (const plugin::PluginConstraint& kind : found) check_info(kind.info);
  for (plugin::PluginConstraint& kind : found) add(std::move(kind.info), std::move(kind.factory));
}

std::vector<const ConstraintInfo*> ConstraintRegistry::list() const {
  std::vector<const ConstraintInfo*> result;
  for (const auto& [name, kind] : kinds_) result.push_back(&kind.info);
  return result;
}

const ConstraintInfo& ConstraintRegistry::describe(const std::string& name) const {
  if (const auto found = kinds_.find(name); found != kinds_.end()) return found->second.info;
  std::vector<std::string> names;
  std::string all;
  for (const auto& [known, kind] : kinds_) {
    names.push_back(known);
    all += (all.empty() ? "" : ", ") + known;
  }
  throw Error("no constraint '" + name + "'" + suggestion(name, names) + "; known: " + all);
}

std::unique_ptr<Constraint> ConstraintRegistry::create(const json& entry, const std::string& source,
                                                       const std::string& pointer) {
  const CheckedEntry checked = check_entry(*this, entry, source, pointer);
  try {
    return kinds_.at(checked.info->name).factory(checked.arguments);
  } catch (const Error& error) {
    throw Error(source + ": " + (pointer.empty() ? "/" : pointer) + ": " + error.what());
  }
}

ConstraintSet ConstraintRegistry::create_all(const json& entries, const std::string& source,
                                             const std::string& pointer) {
  if (!entries.is_array()) {
    throw Error(source + ": " + (pointer.empty() ? "/" : pointer) + ": expected an array of constraints, found " +
                entries.type_name());
  }
  std::vector<std::unique_ptr<Constraint>> constraints;
  std::set<std::string> names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    constraints.push_back(create(entries[i], source, place));
    if (!names.insert(constraints.back()->name()).second) {
      throw Error(source + ": " + place + ": a second constraint named '" + constraints.back()->name() +
                  "'; give one of them a \"label\" of its own");
    }
  }
  return ConstraintSet(std::move(constraints));
}

nlohmann::ordered_json ConstraintRegistry::effective(const json& entry, const std::string& source,
                                                     const std::string& pointer) {
  const CheckedEntry checked = check_entry(*this, entry, source, pointer);
  nlohmann::ordered_json result = {{"constraint", checked.info->name}};
  if (checked.arguments.name != checked.info->name) result["label"] = checked.arguments.name;
  if (!checked.plugin.empty()) result["plugin"] = checked.plugin;
  result["hard"] = checked.arguments.hard;
  result["weight"] = checked.arguments.weight;
  for (const ParameterInfo& parameter : checked.info->parameters) {
    result[parameter.name] = checked.arguments.parameters.at(parameter.name);
  }
  return result;
}

}  // namespace gensynth::constraints
