#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "constraints/plugin/gensynth_plugin.h"

namespace gensynth::plugin {

/// The program's side of one call into a plugin: the function table that it passes, and the results.
class HostCall {
 public:
  /// `who` begins the messages of all Errors: "plugin FILE" or "constraint 'NAME' (plugin FILE)". `add` receives the
  /// kinds that the plugin registers; it may throw Error.
  explicit HostCall(std::string who, std::function<void(const GensynthConstraintKind&)> add = {});
  HostCall(const HostCall&) = delete;
  HostCall& operator=(const HostCall&) = delete;

  const GensynthHost* table() const { return &table_; }
  /// Runs the call; any exception becomes an Error.
  template <class Call>
  auto run(Call call) -> decltype(call()) {
    try {
      return call();
    } catch (const std::exception& error) {
      throw Error(who_ + ": " + error.what());
    } catch (...) {
      throw Error(who_ + ": an exception that is no std::exception");
    }
  }
  /// Throws the message of the plugin, or `otherwise` if it gave none.
  [[noreturn]] void fail(const std::string& otherwise) const;

 private:
  static int add_constraint(const GensynthHost* host, const GensynthConstraintKind* kind);
  static char* copy_text(const GensynthHost* host, const char* text);
  static void note_failure(const GensynthHost* host, const char* message);

  std::string who_;
  std::function<void(const GensynthConstraintKind&)> add_;
  GensynthHost table_{};
  std::string failure_;
  std::vector<std::unique_ptr<char[]>> texts_;  ///< freed with the call
};

}  // namespace gensynth::plugin
