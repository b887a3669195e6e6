#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/lowering/file_options.hpp"
#include "runtime/timing/bench_report.hpp"
#include "runtime/train/trainer.hpp"
#include "search/companion/quantisation_messages.hpp"

// The messages between gensynth and gensynth-torch. A request is one JSON object on the command line of gensynth-torch,
// which answers on its standard output with lines of JSON (reply.hpp). Every from_json throws Error for a missing,
// mistyped or unknown key. Networks are named as on the command line of gensynth.
namespace gensynth::companion {

/// Evaluate trials of a run (worker/worker_loop.hpp). No answer: results go to the store.
struct WorkerRequest {
  std::string store;          ///< the run, as run::Run::open takes it
  std::string name;           ///< name of the worker
  int parent = 0;             ///< the worker ends when this process ends; 0 = none
  double lease_seconds = 30;  ///< the lease is renewed after a third of it
  bool once = false;          ///< end when nothing is queued
};
nlohmann::ordered_json to_json(const WorkerRequest& request);
WorkerRequest worker_request_from_json(const nlohmann::json& value);

/// Write a network as ONNX or TensorFlow Lite, and compare it with LibTorch where a runtime is there.
struct ExportRequest {
  std::string network;
  std::string out;
  std::uint64_t seed = 1;  ///< of initial values, where there are no weights
  int px = 0;              ///< size of the images; 0 = that of the network's training, else the network's own
  int batch = 1;           ///< or lowering::kAnyBatch
  std::string input = {};  ///< as lowering::to_string; "": unit where the normalisation is known, else normalised
  std::string output = "logits";
  std::vector<float> mean = {}, deviation = {};  ///< empty: those of the network's card
  Precision precision = Precision::float32;
  std::optional<Quantisation> quantisation = std::nullopt;  ///< for precision int8
};
nlohmann::ordered_json to_json(const ExportRequest& request);
ExportRequest export_request_from_json(const nlohmann::json& value);

/// How an exported file was verified.
struct ExportResult {
  std::string runtime;            ///< the runtime that verified the file; "" if none did
  int inputs = 0;                 ///< random inputs that were compared; int8: calibration images
  double largest_difference = 0;  ///< relative to the largest output; int8: root of the mean square, relative
  std::string not_verified;       ///< why no runtime did
  bool accelerated = true;        ///< the runtime has fast kernels for every operator, as far as is known
  std::string input = {};         ///< the format of the file's input, in words
  std::string output = {};        ///< the same of its output
  std::optional<QuantisationChoice> quantisation = std::nullopt;  ///< for precision int8
};
nlohmann::ordered_json to_json(const ExportResult& result);
ExportResult export_result_from_json(const nlohmann::json& value);

/// Train a network; weights, checkpoint and history go to a folder.
struct TrainRequest {
  std::string network;
  /// The weights to begin with: "weights" (the network's own), "scratch" (initial values) or a file; "": the network's
  /// own if it has any, else initial values.
  std::string from = "";
  data::DataSpec data;
  train::TrainSpec spec;
  std::string out;
  bool resume = false;
  std::uint64_t seed = 1;
};
nlohmann::ordered_json to_json(const TrainRequest& request);
TrainRequest train_request_from_json(const nlohmann::json& value);

/// The content of training.json.
struct TrainingReport {
  std::string network;
  std::string data;  ///< identifier of the data
  std::int64_t images = 0;
  double seconds = 0;
  std::string torch;  ///< version
  std::string from;   ///< what it began with, in words
  train::TrainSpec spec;
  std::vector<train::RungResult> rungs;
  train::Evaluation hold_out;
  std::optional<train::Evaluation> validation;  ///< nothing for data without a validation split
  std::optional<data::Contents> contents = {};  ///< of the data; nothing in files of earlier versions
};
nlohmann::ordered_json to_json(const TrainingReport& report);
TrainingReport training_report_from_json(const nlohmann::json& value);

enum class TrainEnd { finished, stopped, diverged };
const char* to_string(TrainEnd end);

struct TrainResult {
  TrainEnd end = TrainEnd::finished;
  std::int64_t images = 0;               ///< trained on until then
  std::optional<TrainingReport> report;  ///< when finished
};
nlohmann::ordered_json to_json(const TrainResult& result);
TrainResult train_result_from_json(const nlohmann::json& value);

/// Progress of a training, in words for the user: what its data consists of, what it begins with.
nlohmann::ordered_json start_to_json(const std::string& start);
/// Nothing for other progress.
std::optional<std::string> start_from_json(const nlohmann::json& value);

/// Progress of a training: one evaluation on the hold-out. A loss that overflowed is NaN.
nlohmann::ordered_json rung_to_json(const train::RungResult& rung);
train::RungResult rung_from_json(const nlohmann::json& value);

/// Time networks on this machine, all of them in turn, `rounds` times.
struct BenchRequest {
  std::vector<std::string> networks;
  std::string runtime = "onnxruntime";  ///< or "libtorch", "libtorch-native"
  timing::TimingOptions timing;
  int rounds = 1;
  int px = 0;              ///< resolution; 0 = the network's own
  std::uint64_t seed = 1;  ///< of initial values and inputs
};
nlohmann::ordered_json to_json(const BenchRequest& request);
BenchRequest bench_request_from_json(const nlohmann::json& value);

struct BenchResult {
  std::string runtime;  ///< as device files name it: "onnxruntime", "libtorch-onednn"
  timing::HostContext host;
  std::vector<timing::BenchResult> networks;
};
nlohmann::ordered_json to_json(const BenchResult& result);
BenchResult bench_result_from_json(const nlohmann::json& value);

/// Progress of a benchmark: the network that is being timed.
struct BenchProgress {
  int round = 1;  ///< from 1
  std::string network;
};
nlohmann::ordered_json to_json(const BenchProgress& progress);
BenchProgress bench_progress_from_json(const nlohmann::json& value);

}  // namespace gensynth::companion
