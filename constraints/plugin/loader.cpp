#include "constraints/plugin/loader.hpp"

#include <memory>

#include "architecture/base/error.hpp"
#include "constraints/plugin/gensynth_plugin.h"
#include "constraints/plugin/host_call.hpp"
#include "constraints/plugin/library.hpp"
#include "constraints/plugin/plugin_rule.hpp"

namespace gensynth::plugin {
namespace {

constexpr const char* kEntry = "gensynth_plugin_v";
constexpr unsigned kLastProbed = 32;  // of entry points that another version of the interface may have

std::string other_version(unsigned found) {
  return "it was built for version " + std::to_string(found) + " of the plugin interface, this program has version " +
         std::to_string(GENSYNTH_PLUGIN_VERSION) +
         "; rebuild it with this program's headers: cmake -S PLUGIN_FOLDER -B build "
         "-DCMAKE_PREFIX_PATH=GENSYNTH_PREFIX && cmake --build build";
}

using EntryPoint = int (*)(const GensynthHost*);

EntryPoint find_entry(const Library& library, const std::string& who) {
  const std::string name = kEntry + std::to_string(GENSYNTH_PLUGIN_VERSION);
  if (void* entry = library.find(name)) return reinterpret_cast<EntryPoint>(entry);
  for (unsigned version = 0; version <= kLastProbed; ++version) {
    if (library.find(kEntry + std::to_string(version)) != nullptr) throw Error(who + ": " + other_version(version));
  }
  throw Error(who + ": no gensynth plugin: it does not export '" + name + "' (GENSYNTH_PLUGIN in gensynth_plugin.hpp)");
}

void check_kind(const GensynthConstraintKind& kind) {
  if (kind.version != GENSYNTH_PLUGIN_VERSION) throw Error(other_version(kind.version));
  if (kind.size < sizeof kind) throw Error("GensynthConstraintKind.size is smaller than the struct of its version");
  if (kind.info_json == nullptr || kind.create == nullptr || kind.check == nullptr || kind.destroy == nullptr) {
    throw Error("info_json, create, check and destroy of a GensynthConstraintKind must not be null");
  }
}

}  // namespace

std::vector<PluginConstraint> open_plugin(const std::string& path) {
  const auto library = std::make_shared<const Library>(path);
  const std::string who = "plugin " + path;
  const EntryPoint entry = find_entry(*library, who);
  std::vector<PluginConstraint> found;
  HostCall call(who, [&](const GensynthConstraintKind& kind) {
    check_kind(kind);
    PluginConstraint constraint;
    constraint.info = plugin_info(kind.info_json, "constraint " + std::to_string(found.size() + 1), path);
    GensynthConstraintKind kept = kind;
    kept.info_json = nullptr;  // not ours to keep
    constraint.factory = plugin_factory(library, kept, constraint.info);
    found.push_back(std::move(constraint));
  });
  const int code = call.run([&] { return entry(call.table()); });
  if (code != 0) call.fail("gensynth_plugin_v1 returned " + std::to_string(code) + " without saying why");
  if (found.empty()) throw Error(who + ": it registers no constraint");
  return found;
}

}  // namespace gensynth::plugin
