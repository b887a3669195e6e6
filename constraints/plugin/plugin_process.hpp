#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "constraints/plugin/frames.hpp"
#include "constraints/plugin/guard.hpp"

namespace gensynth::plugin {

/// A plugin in a helper process of its own. When the plugin crashes, calls `exit`, does not answer in time or takes too
/// much memory, the request that it was busy with fails, and the next one finds a new helper with the same constraints.
/// A helper that somebody else killed gets a second attempt. Thread-safe: one request at a time. After a fork, the
/// child begins anew with a helper of its own.
class PluginProcess {
 public:
  /// Loads the library. Throws Error naming the file as NativePlugin does, or with the way in which the helper ended.
  explicit PluginProcess(std::string path, const Limits& limits = {});
  ~PluginProcess();
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  const std::string& path() const { return path_; }
  const std::vector<std::string>& descriptions() const { return descriptions_; }  ///< JSON, by kind

  /// Makes a constraint, checks a network by it, destroys it. Texts and errors as in NativePlugin; `who` begins the
  /// messages of all Errors.
  std::size_t create(std::size_t kind, const std::string& who, const std::string& parameters);
  std::string check(std::size_t constraint, const std::string& architecture, const std::string& metrics,
                    const std::string& vertices = "[]");
  void destroy(std::size_t constraint) noexcept;

 private:
  struct Made {
    std::size_t kind = 0;
    std::string who;
    std::string parameters;
    bool destroyed = false;
    std::size_t number = 0;  ///< in the helper
  };

  Message request(const std::function<Message()>& message, const std::string& who, double seconds);
  Message attempt(const Message& message, const std::string& who, double seconds);
  void start();  ///< a helper with all constraints
  bool is_running() const;
  void close_helper();
  void drop_guard();

  std::string path_;
  Limits limits_;
  std::mutex mutex_;
  std::unique_ptr<Guard> guard_;
  int socket_ = -1;                ///< -1: no helper
  bool killed_by_others_ = false;  ///< the last attempt ended so
  std::vector<std::string> descriptions_;
  std::vector<Made> made_;
};

}  // namespace gensynth::plugin
