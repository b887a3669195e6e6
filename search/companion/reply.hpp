#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gensynth::companion {

/// The answers of gensynth-torch: lines of JSON, {"progress": ...} any number of times, then {"result": ...} or
/// {"error": MESSAGE}. Takes standard output over: what libraries print there goes to standard error instead, and the
/// process ends with the one that started it.
class Reply {
 public:
  Reply();
  ~Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void progress(const nlohmann::ordered_json& value) { send("progress", value); }
  void result(const nlohmann::ordered_json& value) { send("result", value); }
  void error(const std::string& message);

 private:
  /// Throws Error when nobody reads any more.
  void send(const char* kind, const nlohmann::ordered_json& value);

  int file_ = -1;
};

}  // namespace gensynth::companion
