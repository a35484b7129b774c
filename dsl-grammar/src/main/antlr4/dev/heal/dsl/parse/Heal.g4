// The .heal language, edition 1.
//
// A file is cut into pieces first (class Outline: blocks, lines, commas), and each piece is parsed by
// one of the entry rules below. So a mistake never reaches beyond its own statement.
grammar Heal;

header     : name QTY EOF ;
importLine : name STRING (AS name)? EOF ;
letLine    : name name ASSIGN value EOF ;
tuneLine   : name name ASSIGN value RANGE range STRING? EOF ;
blockHead  : kind=name dotted? (ON dotted)? STRING? EOF ;
changeHead : name kind=name dotted EOF ;

statement  : WHEN condition EOF         # whenStatement
           | CLEAR WHEN condition EOF   # clearStatement
           | CURED WHEN condition EOF   # curedStatement
           | START WHEN condition EOF   # startStatement
           | WHERE condition EOF        # whereStatement
           | CONFIRM condition EOF      # confirmStatement
           | OR ELSE EOF                # orElseStatement
           | GIVE UP EOF                # giveUpStatement
           | word {_input.LA(1) != WHEN}? value* EOF   # settingStatement
           ;

// `and` and `or` never mix without parentheses
condition  : item ((AND item)+ | (OR item)+)? ;
item       : NOT? primary (FOR value)? ;
primary    : LPAREN condition RPAREN                        # group
           | CHECK plain                                    # checkPasses
           | operand comparison value (OVER value)?         # compare
           | operand IN list                                # membership
           | path CONTAINS (STRING | list)                  # contains
           | path MATCHES RAW                               # matches
           | path (SILENT | ALIVE)                          # silence
           | path IS name                                   # isWord
           | path EXITS (WITH exitFilter)?                  # exits
           | path                                           # bare
           ;
exitFilter : name (comparison value | IN list) ;
operand    : call | path ;
call       : plain LPAREN argument (COMMA argument)* RPAREN ;
argument   : condition | QTY name? ;
comparison : EQ | NE | LT | LE | GT | GE ;

value      : QTY | range | STRING | RAW | list | dotted | comparison ;
range      : QTY DOTDOT QTY ;
list       : LBRACK (value (COMMA value)* COMMA?)? RBRACK ;

// in conditions a name does not begin with one of the condition's own words
path       : plain (DOT name)* ;
dotted     : name (DOT name)* ;
word       : NAME | AS | RANGE | ON | CLEAR | CURED | START | ELSE | CHECK | AND | OR | NOT | IN | FOR | OVER | CONTAINS
           | MATCHES | SILENT | ALIVE | IS | EXITS | WITH ;
plain      : NAME | soft ;
name       : NAME | soft | AND | OR | NOT | IN | FOR | OVER | CONTAINS | MATCHES | SILENT | ALIVE | IS | EXITS | WITH ;
soft       : AS | RANGE | ON | WHEN | CLEAR | CURED | START | WHERE | CONFIRM | ELSE | GIVE | UP | CHECK ;

AS:'as'; RANGE:'range'; ON:'on'; WHEN:'when'; CLEAR:'clear'; CURED:'cured'; START:'start'; WHERE:'where';
CONFIRM:'confirm'; ELSE:'else'; GIVE:'give'; UP:'up'; CHECK:'check';
AND:'and'; OR:'or'; NOT:'not'; IN:'in'; FOR:'for'; OVER:'over'; CONTAINS:'contains'; MATCHES:'matches';
SILENT:'silent'; ALIVE:'alive'; IS:'is'; EXITS:'exits'; WITH:'with';
EQ:'=='; NE:'!='; LE:'<='; LT:'<'; GE:'>='; GT:'>'; ASSIGN:'='; DOTDOT:'..'; DOT:'.'; COMMA:',';
LBRACE:'{'; RBRACE:'}'; LPAREN:'('; RPAREN:')'; LBRACK:'['; RBRACK:']';

QTY    : '-'? NUM UNIT? (NUM UNIT)* ;
STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' ;
RAW    : '`' ~[`\r\n]* '`' ;
NAME   : [a-zA-Z_] [a-zA-Z0-9_-]* ;
COMMENT: '#' ~[\r\n]* -> channel(HIDDEN) ;
NL     : '\r'? '\n' ;
WS     : [ \t\r\u0006]+ -> skip ;

// lexed on purpose, so that the mistake can be named; below U+0008 stand the classes of SourceCharacters
UNCLOSED_STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'? ;
UNCLOSED_RAW    : '`' ~[`\r\n]* ;
SINGLE_QUOTED   : '\'' ~['\r\n]* '\'' ;
SLASH_COMMENT   : '//' ~[\r\n]* | '/*' ~[\r\n]* ;
FOREIGN         : '&&' | '||' | '!' | '=>' | '->' | ':=' | ':' | ';' | '=~' | '&' | '|' ;
CURLY_QUOTE     : '\u0003' ;
BIDI            : '\u0004' ;
FOREIGN_LETTER  : [a-zA-Z\u0001\u0005] [a-zA-Z0-9_\u0001\u0002\u0005-]* ;
OTHER           : [\u0002\u0007]+ | . ;

fragment NUM  : [0-9]+ ('.' [0-9]+)? ;
fragment UNIT : [a-zA-Z%\u0005]+ ;
