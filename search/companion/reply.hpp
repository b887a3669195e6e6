#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "architecture/base/error.hpp"

namespace gensynth::companion {

/// The answers of gensynth-torch: lines of JSON, {"progress": ...} any number of times, then {"result": ...} or
/// {"error": {"kind": ErrorKind, "message": TEXT}}. Takes over standard output: output of libraries is redirected to
/// standard error. The process ends when the process that started it ends.
class Reply {
 public:
  Reply();
  ~Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void progress(const nlohmann::ordered_json& value) { send("progress", value); }
  void result(const nlohmann::ordered_json& value) { send("result", value); }
  void error(const std::string& message, ErrorKind kind);

 private:
  /// Throws Error when the pipe is closed.
  void send(const char* kind, const nlohmann::ordered_json& value);

  int file_ = -1;
};

}  // namespace gensynth::companion
