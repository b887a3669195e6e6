#include "constraints/registry/registry.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "constraints/plugin/loader.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::registry {
namespace {

using constraints::Constraint;
using constraints::constraint_options;
using constraints::ConstraintFactory;
using constraints::ConstraintInfo;
using constraints::ConstraintSet;
using constraints::ConstraintSpec;
using constraints::ParameterInfo;
using nlohmann::json;

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

/// An entry of an effective job, in which every parameter is visible.
ConstraintSpec read_as_it_stands(const json& entry, JsonReader& reader) {
  ConstraintSpec spec;
  spec.constraint = spec.label = reader.string("constraint");
  constraint_options().read_members(reader, &spec);
  const std::vector<std::string> common = constraint_options().names();
  for (const auto& [key, value] : entry.items()) {
    if (key == "constraint" || std::find(common.begin(), common.end(), key) != common.end()) continue;
    spec.parameters[key] = value;
  }
  return spec;
}

std::string place(const std::string& source, const std::string& pointer) {
  return source + ": " + (pointer.empty() ? "/" : pointer);
}

}  // namespace

ConstraintRegistry::ConstraintRegistry(Plugins plugins) : plugins_(plugins) { rules::register_builtin_rules(*this); }

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

ConstraintSpec ConstraintRegistry::read(const json& entry, const std::string& source, const std::string& pointer) {
  JsonReader reader(entry, source, pointer);
  if (plugins_ == Plugins::leave && reader.has("plugin")) return read_as_it_stands(entry, reader);
  std::string library;
  if (reader.has("plugin")) {
    library = plugin_path(reader.string("plugin"), source);
    try {
      load_plugin(library);
    } catch (const Error& error) {
      reader.fail("plugin", error.what());
    }
  }
  std::vector<std::string> names;
  for (const ConstraintInfo* info : list()) names.push_back(info->name);
  const ConstraintInfo& info = describe(reader.choice("constraint", names));
  ConstraintSpec spec;
  spec.constraint = info.name;
  spec.label = info.name;
  spec.hard = info.hard_by_default;
  constraint_options().read_members(reader, &spec);
  spec.plugin = library;
  for (const ParameterInfo& parameter : info.parameters) reader.has(parameter.name);
  reader.finish();  // before a missing parameter is reported: the missing one may be the misspelt one
  for (const ParameterInfo& parameter : info.parameters) {
    spec.parameters[parameter.name] = read_option(reader, parameter);
  }
  return spec;
}

std::vector<ConstraintSpec> ConstraintRegistry::read_all(const json& entries, const std::string& source,
                                                         const std::string& pointer) {
  if (!entries.is_array()) {
    throw Error(place(source, pointer) + ": expected an array of constraints, found " + entries.type_name());
  }
  std::vector<ConstraintSpec> specs;
  std::set<std::string> labels;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string entry = pointer + "/" + std::to_string(i);
    specs.push_back(read(entries[i], source, entry));
    if (plugins_ == Plugins::load || specs.back().plugin.empty()) {
      (void)in_context(place(source, entry), [&] { return create(specs.back()); });
    }
    if (!labels.insert(specs.back().label).second) {
      throw Error(place(source, entry) + ": a second constraint named '" + specs.back().label +
                  "'; give one of them a \"label\" of its own");
    }
  }
  return specs;
}

std::unique_ptr<Constraint> ConstraintRegistry::create(const ConstraintSpec& spec) {
  if (!spec.plugin.empty()) load_plugin(spec.plugin);
  (void)describe(spec.constraint);
  return kinds_.at(spec.constraint).factory({spec.label, spec.hard, spec.weight, json(spec.parameters)});
}

std::unique_ptr<Constraint> ConstraintRegistry::create(const json& entry, const std::string& source,
                                                       const std::string& pointer) {
  const ConstraintSpec spec = read(entry, source, pointer);
  return in_context(place(source, pointer), [&] { return create(spec); });
}

ConstraintSet ConstraintRegistry::create_all(const std::vector<ConstraintSpec>& specs) {
  std::vector<std::unique_ptr<Constraint>> constraints;
  for (const ConstraintSpec& spec : specs) {
    if (plugins_ == Plugins::load || spec.plugin.empty()) constraints.push_back(create(spec));
  }
  return ConstraintSet(std::move(constraints));
}

ConstraintSet ConstraintRegistry::create_all(const json& entries, const std::string& source,
                                             const std::string& pointer) {
  return create_all(read_all(entries, source, pointer));
}

}  // namespace gensynth::registry
