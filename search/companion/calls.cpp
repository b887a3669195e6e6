#include "search/companion/calls.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "search/companion/process.hpp"

namespace gensynth::companion {
namespace {

using nlohmann::json;
using Progress = std::function<void(const json&)>;

constexpr int kPollMilliseconds = 100;

/// The error in `value` if Reply::error sent it, otherwise nothing.
std::optional<Error> error_from(const json& value) {
  if (!value.is_object() || value.size() != 2 || !value.contains("kind") || !value.contains("message")) return {};
  const json& kind = value["kind"];
  const json& message = value["message"];
  if (!kind.is_string() || !message.is_string()) return std::nullopt;
  return Error(message.get<std::string>(), error_kind(kind.get_ref<const std::string&>()));
}

/// `status` is the result of wait_process.
Error ended_without_result(int status) {
  constexpr int kSignalled = 128;
  if (status <= kSignalled) {
    return Error("gensynth-torch ended with status " + std::to_string(status) + " and no result", ErrorKind::internal);
  }
  const int signal = status - kSignalled;
  // Killed from outside (a user, too little memory), or by a fault of its own.
  const bool killed = signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
  return Error("gensynth-torch was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")",
               killed ? ErrorKind::environment : ErrorKind::internal);
}

/// A running gensynth-torch, from its start to its end.
class Call {
 public:
  Call(const std::string& task, const nlohmann::ordered_json& request, const CallOptions& options) : options_(options) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw Error(std::string("pipe: ") + std::strerror(errno), ErrorKind::environment);
    input_ = ends[0];
    ProcessOptions process;
    process.math_threads = options.math_threads;
    process.log = options.log;
    process.output = ends[1];
    process.own_group = static_cast<bool>(options.should_stop);
    try {
      process_ = start_process({torch_program(), task, request.dump()}, process);
    } catch (...) {
      ::close(ends[0]);
      ::close(ends[1]);
      throw;
    }
    ::close(ends[1]);
  }
  ~Call() {
    ::close(input_);
    if (process_ > 0) {  // an answer that could not be read
      ::kill(process_, SIGTERM);
      (void)wait_process(process_);
    }
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The result; nothing when the process was stopped before it sent one.
  std::optional<json> finish(const Progress& on_progress) {
    while (read_some(on_progress)) {
    }
    const pid_t process = process_;
    process_ = -1;
    const int status = wait_process(process);
    if (error_) throw Error(*error_);
    if (result_) return result_;
    if (stopping_) return std::nullopt;
    throw ended_without_result(status);
  }

 private:
  /// False at the end of the answers.
  bool read_some(const Progress& on_progress) {
    if (!stopping_ && options_.should_stop && options_.should_stop()) {
      stopping_ = true;
      ::kill(process_, SIGTERM);
    }
    pollfd ready = {input_, POLLIN, 0};
    if (::poll(&ready, 1, kPollMilliseconds) <= 0) return true;
    char buffer[65536];
    const ssize_t count = ::read(input_, buffer, sizeof buffer);
    if (count < 0) return errno == EINTR;
    if (count == 0) return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
    std::size_t end = 0;
    while ((end = unread_.find('\n')) != std::string::npos) {
      take(unread_.substr(0, end), on_progress);
      unread_.erase(0, end + 1);
    }
    return true;
  }

  void take(const std::string& line, const Progress& on_progress) {
    const json message = parse_json(line, "gensynth-torch");
    if (message.is_object() && message.size() == 1) {
      const std::string& kind = message.begin().key();
      if (kind == "progress") return on_progress(message["progress"]);
      if (kind == "result") return void(result_ = message["result"]);
      if (kind == "error" && (error_ = error_from(message["error"]))) return;
    }
    throw Error("gensynth-torch: unexpected message " + line, ErrorKind::internal);
  }

  const CallOptions& options_;
  pid_t process_ = -1;
  int input_ = -1;
  bool stopping_ = false;
  std::string unread_;
  std::optional<json> result_;
  std::optional<Error> error_;
};

ExportResult call_export(const char* task, const ExportRequest& request, const CallOptions& options) {
  const std::optional<json> result = Call(task, to_json(request), options).finish([](const json&) {});
  if (!result) throw Error(request.out + ": not written: stopped");
  return export_result_from_json(*result);
}

}  // namespace

ExportResult export_onnx(const ExportRequest& request, const CallOptions& options) {
  return call_export("onnx", request, options);
}

ExportResult export_tflite(const ExportRequest& request, const CallOptions& options) {
  return call_export("tflite", request, options);
}

BenchResult bench(const BenchRequest& request, const std::function<void(const BenchProgress&)>& on_progress,
                  const CallOptions& options) {
  const std::optional<json> result = Call("bench", to_json(request), options).finish([&](const json& progress) {
    on_progress(bench_progress_from_json(progress));
  });
  if (!result) throw Error("bench: stopped");
  return bench_result_from_json(*result);
}

EvaluateResult evaluate(const EvaluateRequest& request, const CallOptions& options) {
  const std::optional<json> result = Call("evaluate", to_json(request), options).finish([](const json&) {});
  if (!result) throw Error("evaluate: stopped");
  return evaluate_result_from_json(*result);
}

QuantiseResult quantise(const QuantiseRequest& request, const CallOptions& options) {
  const std::optional<json> result = Call("quantise", to_json(request), options).finish([](const json&) {});
  if (!result) throw Error("quantise: stopped");
  return quantise_result_from_json(*result);
}

std::optional<TrainResult> train(const TrainRequest& request, const std::function<void(const std::string&)>& on_start,
                                 const std::function<void(const train::RungResult&)>& on_rung,
                                 const CallOptions& options) {
  const std::optional<json> result = Call("train", to_json(request), options).finish([&](const json& progress) {
    if (const std::optional<std::string> start = start_from_json(progress)) return on_start(*start);
    on_rung(rung_from_json(progress));
  });
  return result ? std::optional(train_result_from_json(*result)) : std::nullopt;
}

void become_worker(const WorkerRequest& request) {
  replace_process({torch_program(), "worker", to_json(request).dump()});
}

}  // namespace gensynth::companion
