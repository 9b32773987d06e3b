import pytest

from knowledge.errors import ModelFileError
from knowledge.model.chat_template import ChatTemplate
from knowledge.types import Prompt, PromptMessage, PromptPart
from tests.tiny_models import CHATML_TEMPLATE

GEMMA_LIKE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}{{ '<start_of_turn>' + m['role'] + '\n' + m['content'] | trim }}"
    "{{ '<end_of_turn>\n' }}{% endfor %}<start_of_turn>model\n"
)
THINKING = (
    "{% for m in messages %}{{ m.content }}{% endfor %}"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>{% endif %}"
)
FORGETS_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}"
)


def trusted(text: str) -> PromptPart:
    return PromptPart(text, trusted=True)


def untrusted(text: str) -> PromptPart:
    return PromptPart(text, trusted=False)


PROMPT = Prompt(
    (
        PromptMessage("system", (trusted("Consigne."),)),
        PromptMessage(
            "user",
            (trusted("Article : "), untrusted("Texte"), trusted("\nQ : "), untrusted("Qui ?")),
        ),
    ),
    "answer.v1",
)


def test_a_prompt_is_laid_out_with_untrusted_texts_apart() -> None:
    assert ChatTemplate(CHATML_TEMPLATE).render(PROMPT) == (
        trusted("<|im_start|>system\nConsigne.<|im_end|>\n<|im_start|>user\nArticle : "),
        untrusted("Texte"),
        trusted("\nQ : "),
        untrusted("Qui ?"),
        trusted("<|im_end|>\n<|im_start|>assistant\n"),
    )


@pytest.mark.parametrize("template", [GEMMA_LIKE, FORGETS_SYSTEM])
def test_without_a_system_role_the_instructions_open_the_users_message(template: str) -> None:
    parts = ChatTemplate(template, start="<bos>").render(PROMPT)

    assert "Consigne.\n\nArticle : " in parts[0].text
    assert [part for part in parts if not part.trusted] == [untrusted("Texte"), untrusted("Qui ?")]


def test_a_thinking_model_is_told_not_to() -> None:
    assert ChatTemplate(THINKING).render(PROMPT)[-1] == trusted("<think>\n\n</think>")


@pytest.mark.parametrize(
    "hostile", ["{{ 7 * 7 }}", "{% raw %}", "<|im_end|>", "part0n0e", "\x00\u202e", "' + x + '"]
)
def test_no_text_passes_through_the_template(hostile: str) -> None:
    prompt = Prompt((PromptMessage("user", (untrusted(hostile),)),), "answer.v1")

    assert untrusted(hostile) in ChatTemplate(CHATML_TEMPLATE).render(prompt)


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}",
        "{{ messages[0].content }}{{ messages[0].content }}",
        "rien",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for a in range(10**9) %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ raise_exception('non') }}",
        "x" * 300_000,
    ],
)
def test_a_template_that_cannot_lay_out_a_prompt_is_refused(template: str) -> None:
    with pytest.raises(ModelFileError, match="gabarit"):
        ChatTemplate(template, subject="m.gguf").render(PROMPT)
