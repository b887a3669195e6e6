#include "search/loop/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "search/executor/worker_pool.hpp"
#include "search/report/console.hpp"
#include "search/run/network_ref.hpp"
#include "search/store/store.hpp"

namespace gensynth::loop {
namespace fs = std::filesystem;

ResultFiles write_result(const run::RunFolder& run, const job::Job& job, const trial::Trial& winner) {
  ResultFiles files;
  fs::create_directories(run.result());
  const std::string base = run.result() + "/attendnext";
  const auto attempt = [&](const std::string& path, const auto& write) {
    try {
      write(path);
      files.written.push_back(path);
    } catch (const std::exception& error) {
      files.remarks.push_back(error.what());
    }
  };
  const std::string weights = fs::exists(run.weights(winner.id)) ? run.weights(winner.id) : "";
  const Architecture network = run::network_of(job, winner, weights, "attendnext");
  attempt(base + ".json", [&](const std::string& path) { write_architecture(network, path, winner.genotype); });
  attempt(base + ".svg", [&](const std::string& path) { write_file_atomically(path, drawing::to_svg(network)); });
  if (weights.empty()) {
    for (const char* stale : {".safetensors", ".onnx"}) fs::remove(base + stale);
    if (job.proxy.enabled) files.remarks.push_back("the winner's weights are not there; no .safetensors, no .onnx");
    return files;
  }
  attempt(base + ".safetensors", [&](const std::string& path) {
    fs::copy_file(weights, path + ".tmp", fs::copy_options::overwrite_existing);
    fs::rename(path + ".tmp", path);
  });
  attempt(base + ".onnx", [&](const std::string& path) {
    const nlohmann::json request = {
        {"net", run.path + "#" + std::to_string(winner.id)}, {"out", path}, {"quiet", true}};
    const int code = executor::wait_process(
        executor::start_process({executor::companion_program(), "onnx", request.dump()}, run.worker_log(0)));
    if (code != 0) throw Error(path + ": not written; the reason is in " + run.worker_log(0));
  });
  return files;
}

std::vector<trial::Trial> pareto_front(const std::vector<trial::Trial>& trials, const std::string& accuracy) {
  std::vector<trial::Trial> sorted;
  for (const trial::Trial& trial : trials) {
    if (trial.feasible && trial.metrics.value("latency_ms") && trial.metrics.value(accuracy)) sorted.push_back(trial);
  }
  const auto latency = [](const trial::Trial& t) { return *t.metrics.value("latency_ms"); };
  const auto top1 = [&](const trial::Trial& t) { return *t.metrics.value(accuracy); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const trial::Trial& a, const trial::Trial& b) {
    return latency(a) != latency(b) ? latency(a) < latency(b) : top1(a) > top1(b);
  });
  std::vector<trial::Trial> front;
  double best = -std::numeric_limits<double>::infinity();
  for (trial::Trial& trial : sorted) {
    if (top1(trial) > best) {
      best = top1(trial);
      front.push_back(std::move(trial));
    }
  }
  return front;
}

namespace {

double proposals(const store::Store& store) {
  std::int64_t count = 0;
  for (const auto& [state, of_state] : store.counts()) count += of_state;
  return static_cast<double>(std::max<std::int64_t>(1, count));
}

}  // namespace

nlohmann::ordered_json rejects_to_json(const run::RunFolder& run) {
  const auto store = store::Store::open(run.database(), true);
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  for (const auto& [rule, entry] : store->rejects()) {
    result[rule] = {{"rejected", entry.count},
                    {"share", static_cast<double>(entry.count) / proposals(*store)},
                    {"stage", entry.stage},
                    {"core_seconds", entry.core_seconds},
                    {"closest", entry.closest}};
  }
  return result;
}

std::string reject_table(const run::RunFolder& run) {
  const auto store = store::Store::open(run.database(), true);
  report::Table table({"rule", "rejected", "share of proposals", "stage", "core-seconds spent", "closest miss"});
  for (const auto& [rule, entry] : store->rejects()) {
    table.row({rule, std::to_string(entry.count),
               fmt::format("{:.1f} %", 100.0 * static_cast<double>(entry.count) / proposals(*store)), entry.stage,
               report::number_text(entry.core_seconds, 1), fmt::format("{:.1f} % off the bound", 100 * entry.closest)});
  }
  return table.text();
}

}  // namespace gensynth::loop
