from credstone.repro.story import Story
from credstone.suite.load import Suite
def python_program(story: Story, suite: Suite) -> str:
    raise NotImplementedError
