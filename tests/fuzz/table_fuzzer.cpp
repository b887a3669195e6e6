// Any bytes as the table of a tabular benchmark, plain or compressed, and as a file of trained candidates: an Error, or
// rows whose genotypes are of the space.
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/json_reader.hpp"
#include "search/benchmark/score_table.hpp"
#include "search/benchmark/trained_candidates.hpp"
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
    static const NasBench201Space space;
    const ScoreTable table = read_score_table(file().holding(text), "val", "test", space);
    for (const auto& [genotype, row] : table.rows) {
      fuzz::demand(space.contains(genotype) && row.score >= 0 && row.score <= table.optimum);
    }
  });
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    if (text.find("zoo:") != std::string::npos || text.find("plugin") != std::string::npos) return;  // as of jobs
    const TrainedCandidates trained = trained_candidates_from_json(parse_json(text, "fuzz"), "fuzz");
    const auto space = make_space(trained.job.space, "fuzz", "");
    for (const TrainedCandidates::Row& row : trained.rows) fuzz::demand(space->contains(row.genotype));
    (void)to_json(trained);
  });
}
