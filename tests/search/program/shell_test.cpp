#include <gmock/gmock.h>

#include "tests/search/program/program.hpp"

namespace gensynth::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class Shell : public Program {
 protected:
  /// Runs a script of a shell in the folder; code 127 when there is no such shell.
  Result shell(const std::string& program, const std::string& script) const {
    std::ofstream(folder + "/script") << script;
    FILE* pipe = ::popen(("cd '" + folder + "' && " + program + " script 2>&1").c_str(), "r");
    Result result;
    char buffer[4096];
    std::size_t count = 0;
    while ((count = ::fread(buffer, 1, sizeof buffer, pipe)) > 0) result.text.append(buffer, count);
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return result;
  }
  /// The words that bash offers when the cursor stands at the end of the last word.
  std::string offered(const std::vector<std::string>& words) const {
    std::string line;
    for (const std::string& word : words) line += " '" + word + "'";
    const Result result = shell("bash", "source <('" GENSYNTH_PROGRAM "' completion bash)\nCOMP_WORDS=(gensynth" +
                                            line + ")\nCOMP_CWORD=" + std::to_string(words.size()) +
                                            "\n_gensynth\necho \" ${COMPREPLY[*]} \"\n");
    EXPECT_EQ(result.code, 0) << result.text;
    return result.text;
  }
};

TEST_F(Shell, BashCompletesCommandsOptionsAndChoices) {
  EXPECT_THAT(offered({"se"}), HasSubstr(" search "));
  EXPECT_THAT(offered({""}), AllOf(HasSubstr(" search "), HasSubstr(" predict "), HasSubstr(" completion ")));
  EXPECT_THAT(offered({"search", "--tri"}), HasSubstr(" --trials "));
  EXPECT_THAT(offered({"search", "--"}), Not(HasSubstr("--csv")));
  EXPECT_THAT(offered({"export", "run", "--format", ""}), AllOf(HasSubstr(" onnx "), HasSubstr(" svg ")));
  EXPECT_THAT(offered({"check", "run", "--precision", "i"}), HasSubstr(" int8 "));
}

TEST_F(Shell, BashFindsACommandBehindAnArgument) {
  EXPECT_THAT(offered({"log", "my-run", "re"}), HasSubstr(" rejects "));
  EXPECT_THAT(offered({"log", "my-run", "list", "--"}), HasSubstr("--"));
  EXPECT_THAT(offered({"zoo", "l"}), HasSubstr(" list "));
}

TEST_F(Shell, ZshAndFishAcceptTheirScripts) {
  int known = 0;
  for (const char* name : {"zsh", "fish"}) {
    const Result script = run(std::string("completion ") + name);
    ASSERT_EQ(script.code, 0) << script.text;
    const Result result = shell(std::string(name) + " -n", script.text);
    if (result.code == 127) continue;
    ++known;
    EXPECT_EQ(result.code, 0) << name << ": " << result.text;
  }
  if (known == 0) GTEST_SKIP() << "neither zsh nor fish is installed";
}

TEST_F(Shell, FishCompletesBehindAnArgument) {
  const Result result = shell("fish", "'" GENSYNTH_PROGRAM
                                      "' completion fish | source\ncomplete -C 'gensynth log my-run re'\n"
                                      "complete -C 'gensynth export run --format on'\n");
  if (result.code == 127) GTEST_SKIP() << "fish is not installed";
  EXPECT_THAT(result.text, AllOf(HasSubstr("rejects"), HasSubstr("onnx")));
}

TEST_F(Shell, TheManualPageHasEveryCommandAndIsValid) {
  const Result page = run("man");
  ASSERT_EQ(page.code, 0);
  for (const char* text : {".TH GENSYNTH 1", ".SS search\n", ".SS log list\n", "\\-\\-trials", ".SH DESCRIPTION"}) {
    EXPECT_THAT(page.text, HasSubstr(text));
  }
  const Result result = shell("groff -man -Tutf8 -ww -z", page.text);
  if (result.code == 127) GTEST_SKIP() << "groff is not installed";
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.text, "");
}

TEST_F(Shell, TheVersionNamesLibTorchAndTheBuild) {
  EXPECT_THAT(run("--version").text,
              MatchesRegex("gensynth [0-9.]+ \\((commit [0-9a-f]+\\+?, )?LibTorch [0-9.]+, [A-Za-z]+\\)\n"));
}

}  // namespace
}  // namespace gensynth::program
