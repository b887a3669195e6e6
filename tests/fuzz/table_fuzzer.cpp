// Any bytes as the table of a tabular benchmark, plain or compressed, and as a file of trained candidates: an Error, or
// rows whose genotypes are of the space.
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "generator/make_space.hpp"
#include "search/simulation/score_table.hpp"
#include "search/simulation/trained_candidates.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

gensynth::fuzz::MemoryFile& file() {
  static gensynth::fuzz::MemoryFile held;
  return held;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    static const nasbench201::NasBench201Space space;
    const simulation::ScoreTable table = simulation::read_score_table(file().holding(text), "val", "test", space);
    for (const auto& [genotype, row] : table.rows) {
      fuzz::demand(space.contains(genotype) && row.score >= 0 && row.score <= table.optimum);
    }
  });
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    if (text.find("zoo:") != std::string::npos || text.find("plugin") != std::string::npos) return;  // as of jobs
    const simulation::TrainedCandidates trained =
        simulation::trained_candidates_from_json(parse_json(text, "fuzz"), "fuzz");
    const auto space = generator::make_space(trained.job.space, "fuzz", "");
    for (const simulation::TrainedCandidates::Row& row : trained.rows) fuzz::demand(space->contains(row.genotype));
    (void)to_json(trained);
  });
}
