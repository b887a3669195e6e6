#pragma once

#include <memory>
#include <string>
#include <vector>

#include "constraints/plugin/gensynth_plugin.h"
#include "constraints/plugin/library.hpp"

namespace gensynth::plugin {

/// A plugin's library, loaded into this process, and the constraints made from it. Only a helper process does this
/// (served_plugin.hpp): the library may do anything, from its constructors on. All texts are JSON, as
/// gensynth_plugin.h defines them. Every call throws Error with the plugin's own words when the plugin says that it
/// fails, or throws.
class NativePlugin {
 public:
  /// Throws Error naming the file: not there, no library, no plugin, built for another version of the interface (with
  /// both versions and how to rebuild), or its own words.
  explicit NativePlugin(const std::string& path);
  ~NativePlugin();  ///< destroys the constraints
  NativePlugin(const NativePlugin&) = delete;
  NativePlugin& operator=(const NativePlugin&) = delete;

  /// The descriptions of the kinds that the plugin registered, in the order of registration.
  const std::vector<std::string>& descriptions() const { return descriptions_; }
  /// Makes a constraint of a kind; `who` begins messages about it. Returns its number.
  std::size_t create(std::size_t kind, const std::string& who, const std::string& parameters);
  /// `vertices` goes to plugins that ask for it.
  std::string check(std::size_t constraint, const std::string& architecture, const std::string& metrics,
                    const std::string& vertices) const;
  void destroy(std::size_t constraint);

 private:
  struct Made {
    GensynthConstraintKind kind{};
    std::string who;
    void* constraint = nullptr;  ///< null once destroyed
  };

  Library library_;  // outlives what was made
  std::vector<GensynthConstraintKind> kinds_;
  std::vector<std::string> descriptions_;
  std::vector<Made> made_;
};

}  // namespace gensynth::plugin
