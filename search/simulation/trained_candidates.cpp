#include "search/simulation/trained_candidates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/base/whole_number.hpp"
#include "generator/make_space.hpp"
#include "search/run/run.hpp"
#include "search/simulation/unpack.hpp"

namespace gensynth::embedded {
extern const std::string_view trained_columnar;  // embedded
}  // namespace gensynth::embedded

namespace gensynth::simulation {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

TrainedCandidates from_run(const std::string& path) {
  const run::Run run = run::Run::open(path, run::RunMode::read);
  TrainedCandidates result;
  result.job = run.job();
  for (const trial::Trial& trial : run.store().list(trial::TrialState::scored)) {
    const std::optional<double> accuracy = trial.metrics.value(result.job.objective.accuracy);
    if (accuracy) result.rows.push_back({trial.genotype, *accuracy, to_string(result.job.strategy.kind)});
  }
  return result;
}

TrainedCandidates from_path(const std::string& path) {
  if (std::filesystem::is_directory(path)) return from_run(path);
  return trained_candidates_from_json(parse_json(read_unpacked(path), path), path);
}

}  // namespace

TrainedCandidates read_trained_candidates(const std::vector<std::string>& paths) {
  TrainedCandidates result;
  std::set<space::Genotype> known;
  bool first = true;
  for (const std::string& path : paths) {
    TrainedCandidates more = from_path(path);
    if (first) {
      result.job = more.job;
      first = false;
    }
    if (to_json(more.job.space) != to_json(result.job.space)) {
      throw Error(path + ": /space is not that of " + paths.front() + ", expected candidates of one space");
    }
    if (more.job.objective.accuracy != result.job.objective.accuracy) {
      throw Error(path + ": /objective/accuracy: '" + more.job.objective.accuracy + "', expected '" +
                  result.job.objective.accuracy + "' as in " + paths.front());
    }
    for (TrainedCandidates::Row& row : more.rows) {
      if (known.insert(row.genotype).second) result.rows.push_back(std::move(row));
    }
  }
  return result;
}

TrainedCandidates trained_candidates_from_json(const json& value, const std::string& source) {
  JsonReader reader(value, source);
  reader.format("gensynth.trained", 1);
  TrainedCandidates result;
  result.job = job::job_from_json(reader.value("job"), source);
  const json& rows = reader.array("candidates");
  reader.finish();
  const std::unique_ptr<space::SearchSpace> space = generator::make_space(result.job.space);
  std::set<space::Genotype> known;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    JsonReader row(rows[i], source, "/candidates/" + std::to_string(i));
    const auto genes = whole_numbers(row.array("genotype"), 0, std::numeric_limits<int>::max());
    if (!genes) row.fail("genotype", "expected an array of whole numbers, 0 or more");
    TrainedCandidates::Row read;
    read.genotype = *genes;
    if (!space->contains(read.genotype)) row.fail("genotype", "is not a genotype of the space");
    if (!known.insert(read.genotype).second) row.fail("genotype", "is repeated from an earlier row");
    read.accuracy = row.number("accuracy", 0, 100);
    read.origin = row.string("origin", "");
    row.finish();
    result.rows.push_back(std::move(read));
  }
  return result;
}

ordered_json to_json(const TrainedCandidates& trained) {
  ordered_json job = to_json(trained.job);
  for (const char* key : {"data", "budget", "start_from", "strategy", "seed"}) job.erase(key);
  ordered_json rows = ordered_json::array();
  for (const TrainedCandidates::Row& row : trained.rows) {
    ordered_json written = {{"genotype", row.genotype}, {"accuracy", row.accuracy}};
    if (!row.origin.empty()) written["origin"] = row.origin;
    rows.push_back(std::move(written));
  }
  return {{"format", "gensynth.trained"}, {"version", 1}, {"job", std::move(job)}, {"candidates", std::move(rows)}};
}

TrainedCandidates without_origin(TrainedCandidates trained, const std::string& origin) {
  const std::size_t before = trained.rows.size();
  std::set<std::string> origins;
  for (const TrainedCandidates::Row& row : trained.rows) origins.insert(row.origin.empty() ? "unknown" : row.origin);
  std::erase_if(trained.rows, [&](const TrainedCandidates::Row& row) { return row.origin == origin; });
  if (trained.rows.size() == before) {
    throw Error(fmt::format("{}: no candidate of '{}', expected one of {}", trained.job.source, origin,
                            fmt::join(origins, ", ")));
  }
  return trained;
}

TrainedCandidates shipped_trained_candidates() {
  const std::string source = "the built-in candidates of the columnar space";
  return trained_candidates_from_json(parse_json(std::string(embedded::trained_columnar), source), source);
}

}  // namespace gensynth::simulation
