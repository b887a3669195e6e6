#include "constraints/plugin/native_plugin.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "architecture/base/error.hpp"
#include "constraints/plugin/host_call.hpp"

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

/// A copy, with null for the members that a plugin built with an earlier header does not have.
GensynthConstraintKind checked_kind(const GensynthConstraintKind& given) {
  if (given.version != GENSYNTH_PLUGIN_VERSION) throw Error(other_version(given.version));
  if (given.size < GENSYNTH_CONSTRAINT_KIND_SIZE_1) {
    throw Error("GensynthConstraintKind.size is smaller than the struct of its version");
  }
  GensynthConstraintKind kind{};
  std::memcpy(&kind, &given, std::min<std::size_t>(given.size, sizeof kind));
  if (kind.info_json == nullptr || kind.create == nullptr || kind.check == nullptr || kind.destroy == nullptr) {
    throw Error("info_json, create, check and destroy of a GensynthConstraintKind must not be null");
  }
  return kind;
}

}  // namespace

NativePlugin::NativePlugin(const std::string& path) : library_(path) {
  const std::string who = "plugin " + path;
  const EntryPoint entry = find_entry(library_, who);
  HostCall call(who, [&](const GensynthConstraintKind& given) {
    const GensynthConstraintKind kind = checked_kind(given);
    descriptions_.emplace_back(kind.info_json);
    kinds_.push_back(kind);
    kinds_.back().info_json = nullptr;  // not ours to keep
  });
  const int code = call.run([&] { return entry(call.table()); });
  if (code != 0) call.fail("gensynth_plugin_v1 returned " + std::to_string(code) + " without saying why");
  if (kinds_.empty()) throw Error(who + ": it registers no constraint");
}

NativePlugin::~NativePlugin() {
  for (std::size_t i = 0; i < made_.size(); ++i) destroy(i);
}

std::size_t NativePlugin::create(std::size_t kind, const std::string& who, const std::string& parameters) {
  Made made{kinds_.at(kind), who, nullptr};
  HostCall call(who);
  made.constraint = call.run([&] { return made.kind.create(made.kind.context, call.table(), parameters.c_str()); });
  if (made.constraint == nullptr) call.fail("create returned null without saying why");
  made_.push_back(std::move(made));
  return made_.size() - 1;
}

std::string NativePlugin::check(std::size_t constraint, const std::string& architecture, const std::string& metrics,
                                const std::string& vertices) const {
  const Made& made = made_.at(constraint);
  HostCall call(made.who);
  const char* text = call.run([&] {
    return made.kind.check_vertices != nullptr
               ? made.kind.check_vertices(made.constraint, call.table(), architecture.c_str(), metrics.c_str(),
                                          vertices.c_str())
               : made.kind.check(made.constraint, call.table(), architecture.c_str(), metrics.c_str());
  });
  if (text == nullptr) call.fail("check returned null without saying why");
  return text;
}

void NativePlugin::destroy(std::size_t constraint) {
  Made& made = made_.at(constraint);
  if (made.constraint != nullptr) made.kind.destroy(std::exchange(made.constraint, nullptr));
}

}  // namespace gensynth::plugin
