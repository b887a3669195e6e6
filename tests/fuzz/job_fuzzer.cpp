// Any bytes as a job: an Error, or a job whose effective form reads as the same job.
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "search/job/job.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    // Looking for the genotype nearest to a reference network takes seconds, and opening plugins runs foreign code.
    if (text.find("zoo:") != std::string::npos || text.find("plugin") != std::string::npos) return;
    const job::Job job = job::job_from_json(parse_json(text, "/fuzz/job.json"), "/fuzz/job.json");
    (void)job::job_warnings(job);
    const nlohmann::ordered_json effective = to_json(job);
    const job::Job again = job::job_from_json(parse_json(effective.dump(), "/fuzz/again.json"), "/fuzz/again.json");
    fuzz::demand(to_json(again) == effective);
  });
}
